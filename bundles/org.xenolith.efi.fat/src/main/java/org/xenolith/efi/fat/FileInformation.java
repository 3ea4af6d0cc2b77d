// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** What is told of files and volumes (UEFI 2.10, 13.5.16 to 13.5.18). */
final class FileInformation {
  private static final EfiGuid FILE = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid SYSTEM = EfiGuid.of("09576e93-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid LABEL = EfiGuid.of("db47d7d3-fe81-11d3-9a35-0090273fc14d");
  private static final int HEADER = 80;
  private static final int SYSTEM_HEADER = 36;
  private static final int FIRST_YEAR = 1980;
  private static final int NO_ZONE = 2047;

  private final Files files;

  FileInformation(Files files) {
    this.files = files;
  }

  EfiFunction function(String name) {
    return name.equals("GetInfo") ? this::get : null;
  }

  /** Whether there is such information. */
  static boolean isKind(EfiGuid kind) {
    return kind.equals(FILE) || kind.equals(SYSTEM) || kind.equals(LABEL);
  }

  /** Whether it is EFI_FILE_INFO. */
  static boolean isFile(EfiGuid kind) {
    return kind.equals(FILE);
  }

  /** Whether it is EFI_FILE_SYSTEM_VOLUME_LABEL. */
  static boolean isLabel(EfiGuid kind) {
    return kind.equals(LABEL);
  }

  private static ByteBuffer room(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void time(ByteBuffer out, int packed) {
    int date = packed >>> 16;
    int time = packed & 0xFFFF;
    out.putShort((short) (FIRST_YEAR + (date >> 9))).put((byte) (date >> 5 & 15)).put((byte) (date & 31)).put((byte) (time >> 11)).put(
        (byte) (time >> 5 & 63)).put((byte) (2 * (time & 31))).put((byte) 0).putInt(0).putShort((short) NO_ZONE).putShort((short) 0);
  }

  /** EFI_FILE_INFO of an entry. */
  static byte[] of(Directory.Entry entry, int cluster) {
    byte[] name = (entry.name() + '\0').getBytes(StandardCharsets.UTF_16LE);
    ByteBuffer out = room(HEADER + name.length).putLong(HEADER + name.length).putLong(entry.size()).putLong((entry.size() + cluster - 1)
        / cluster
        * cluster);
    time(out, entry.created());
    time(out, entry.accessed());
    time(out, entry.modified());
    return out.putLong(entry.attributes()).put(name).array();
  }

  /** Writes it if there is room. @param size which argument is the address of the size; @param buffer which is the buffer's */
  EfiStep give(Call call, byte[] told, int size, int buffer) {
    EfiRam memory = call.firmware().memory();
    long room = memory.get64(call.argument(size));
    memory.put64(call.argument(size), told.length);
    if (Long.compareUnsigned(room, told.length) < 0) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    memory.write(call.argument(buffer), told);
    return EfiStep.done();
  }

  private EfiStep get(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = files.numbers(firmware, call.argument(0));
    EfiGuid kind = firmware.memory().guid(call.argument(1));
    Volume volume = files.volume(firmware, numbers[Files.SYSTEM]);
    if (kind.equals(FILE)) {
      return give(call, of(files.entry(firmware, call.argument(0)), volume.cluster()), 2, 3);
    }
    byte[] label = (volume.label() + '\0').getBytes(StandardCharsets.UTF_16LE);
    if (kind.equals(LABEL)) {
      return give(call, label, 2, 3);
    }
    if (!kind.equals(SYSTEM)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long free = files.table(firmware, numbers[Files.SYSTEM]).free() * volume.cluster();
    return give(call, room(SYSTEM_HEADER + label.length).putLong(SYSTEM_HEADER + label.length).putLong(files.isReadOnly(firmware,
        numbers[Files.SYSTEM]) ? 1 : 0).putLong(volume.clusters() * volume
            .cluster()).putLong(free).putInt(volume.cluster()).put(label).array(), 2, 3);
  }
}
