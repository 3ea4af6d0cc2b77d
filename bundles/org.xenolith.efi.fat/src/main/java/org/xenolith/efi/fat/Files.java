// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;

/** Files and directories that are open: EFI_FILE_PROTOCOL in memory with the name behind it (UEFI 2.10, 13.5). */
final class Files {
  /** The first: the functions of the second, whose names end with Ex, aren't there. */
  private static final long REVISION = 0x1_0000;
  private static final int NAME_AT = 120;
  private static final int MOST_NAME = 260;
  private static final String[] FUNCTIONS = {"Open", "Close", "Delete", "Read", "Write", "GetPosition", "SetPosition", "GetInfo", "SetInfo",
      "Flush", "OpenEx", "ReadEx", "WriteEx", "FlushEx"};
  // Numbers of a file.
  static final int SYSTEM = 0;
  static final int CLUSTER = 1;
  static final int SIZE = 2;
  static final int POSITION = 3;
  static final int ATTRIBUTES = 4;
  static final int CREATED = 5;
  static final int ACCESSED = 6;
  static final int MODIFIED = 7;
  /** A cluster that was read, 0 as long as none was, and which one of the chain it is. */
  static final int CLUSTER_READ = 8;
  static final int INDEX_READ = 9;
  /** Where on the volume what was read ahead lies, and its bytes; as long as the volume's room is the file's. */
  static final int AHEAD_AT = 10;
  static final int AHEAD_SIZE = 11;
  private static final int NUMBERS = 12;

  private final FatLayer layer;

  Files(FatLayer layer) {
    this.layer = layer;
  }

  /** Opens an entry. */
  long open(Firmware firmware, long system, Directory.Entry entry) {
    byte[] name = (entry.name() + '\0').getBytes(StandardCharsets.UTF_16LE);
    long file = firmware.interfaceMemory(layer, NAME_AT + name.length, NUMBERS);
    EfiRam memory = firmware.memory();
    memory.put64(file, REVISION);
    layer.write(firmware, file + 8, FUNCTIONS);
    memory.write(file + NAME_AT, name);
    long[] numbers = firmware.numbers(layer, file);
    numbers[SYSTEM] = system;
    numbers[CLUSTER] = entry.cluster();
    numbers[SIZE] = entry.isDirectory() ? 0 : entry.size();
    numbers[ATTRIBUTES] = entry.attributes();
    numbers[CREATED] = entry.created();
    numbers[ACCESSED] = entry.accessed();
    numbers[MODIFIED] = entry.modified();
    return file;
  }

  void close(Firmware firmware, long file) {
    firmware.dropInterface(layer, file);
  }

  /** The numbers of a file that is open on a volume that is mounted. */
  long[] numbers(Firmware firmware, long file) {
    long[] numbers = firmware.numbers(layer, file);
    if (numbers.length != NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(file) + ": no file");
    }
    return numbers;
  }

  Volume volume(Firmware firmware, long system) {
    return layer.volume(firmware, system);
  }

  Table table(Firmware firmware, long system) {
    return layer.table(firmware, system);
  }

  String name(Firmware firmware, long file) {
    return firmware.memory().text(file + NAME_AT, MOST_NAME);
  }

  /** The file as an entry of its directory. */
  Directory.Entry entry(Firmware firmware, long file) {
    long[] numbers = numbers(firmware, file);
    String name = name(firmware, file);
    return new Directory.Entry(name, name, (int) numbers[ATTRIBUTES], numbers[CLUSTER], numbers[SIZE], (int) numbers[CREATED],
        (int) numbers[ACCESSED], (int) numbers[MODIFIED]);
  }
}
