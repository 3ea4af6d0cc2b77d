// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.DiscImage;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.GptImage;

/**
 * Disks, read by the layers for bytes, partitions and FAT. The first byte says which disk (bits 0 and 1: FAT12, FAT16 or FAT32 behind a GPT, or a volume
 * without partitions; bit 3: instead of these a disc with a boot catalogue and FAT12, whose blocks are of 2048 bytes, with bit 4 of 512) and whether the sums of the GPT or of the
 * catalogue are made right again (bit 2). An edit is a byte (low 2 bits: where; next 3: how many bytes less one), a place of two bytes, and the bytes.
 */
final class EfiDiskAttack implements Attack {
  private static final int BLOCK = 512;
  private static final int DISC = 4;
  /** Where a disc's boot record names the block of the catalogue (El Torito 1.0, figure 7). */
  private static final int CATALOG_AT = (DiscImage.CATALOG - 2) * DiscImage.BLOCK + 0x47;
  /** Bytes of the catalogue's first entry, and where its sum is. */
  private static final int VALIDATION = 32;
  private static final int SUM_AT = 28;
  private static final int MOST_EDITS = 24;
  private static final int MOST_FILES = 64;
  private static final int MOST_PIECES = 40;
  private static final int PIECE = 4096;
  private static final EfiGuid FILE_INFO = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid VOLUME_INFO = EfiGuid.of("09576e93-6d3f-11d2-8e39-00a0c969723b");
  // Functions of EFI_FILE_PROTOCOL.
  private static final int OPEN = 8;
  private static final int CLOSE = 16;
  private static final int READ = 32;
  private static final int GET_POSITION = 48;
  private static final int SET_POSITION = 56;
  private static final int GET_INFO = 64;
  private static final byte[][] DISKS = new byte[DISC + 1][];

  private EfiLayers layers;
  private FakeFirmware firmware;
  private EfiRam memory;
  private long room;

  @Override
  public String word() {
    return "efidisk";
  }

  @Override
  public String says() {
    return "changes of a disk with a GPT and FAT12, FAT16 or FAT32, of a disc with a boot catalogue, or of a volume alone, which layers of our own firmware find partitions, directories and files on";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.diskio.**", "org.xenolith.efi.partition.**", "org.xenolith.efi.fat.**");
  }

  @Override
  public void fresh() {
    // Firmware is made anew for each input.
  }

  private static byte[] disk(int kind) {
    if (DISKS[kind] == null) {
      byte[] program = new byte[3000];
      java.util.Arrays.fill(program, (byte) 0x5A);
      byte[] volume = new FatImage(kind == 1 ? 16 : kind == 2 ? 32 : 12, true).file("EFI/BOOT/BOOTAA64.EFI", program).file(
          "a name that is longer than thirteen characters.txt", "text".getBytes(StandardCharsets.US_ASCII)).file("EMPTY", new byte[0])
          .bytes();
      DISKS[kind] = kind == 3 ? volume : kind == DISC ? DiscImage.of(volume) : GptImage.of(volume);
    }
    return DISKS[kind].clone();
  }

  @Override
  public List<String> execute(byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    int first = input.next();
    boolean disc = (first & 8) != 0;
    byte[] disk = disk(disc ? DISC : first & 3);
    int volume = (first & 3) == 3 ? 0 : GptImage.FIRST * BLOCK;
    int[] places = disc ? new int[] {0, CATALOG_AT, DiscImage.CATALOG * DiscImage.BLOCK, DiscImage.FIRST * DiscImage.BLOCK} : new int[] {0,
        volume, volume + 32 * BLOCK, Math.max(0, disk.length - 34 * BLOCK)};
    for (int i = 0; i < MOST_EDITS && !input.end(); i++) {
      int how = input.next();
      int at = (places[how & 3] + (int) input.next(2)) % disk.length;
      byte[] piece = input.take(1 + (how >> 2 & 7));
      System.arraycopy(piece, 0, disk, at, Math.min(piece.length, disk.length - at));
    }
    if ((first & 4) != 0 && disc) {
      sumCatalog(disk);
    } else if ((first & 4) != 0) {
      sum(disk, BLOCK);
      sum(disk, disk.length - BLOCK);
    }
    layers = new EfiLayers("efi.diskio", "efi.partition", "efi.fat");
    firmware = layers.firmware();
    memory = firmware.memory();
    room = firmware.room(PIECE + 1024);
    long whole = new FakeDisk(firmware, disk, disc && (first & 16) == 0 ? DiscImage.BLOCK : BLOCK).handle();
    layers.begin();
    layers.connect("efi.diskio", whole);
    files(whole);
    if (layers.connect("efi.partition", whole)) {
      List<Long> children = firmware.handles().handles(Protocol.BLOCK_IO).stream().filter(each -> each != whole).toList();
      for (long child : children.subList(0, Math.min(4, children.size()))) {
        layers.liesInside(child);
        if (layers.connect("efi.diskio", child)) {
          files(child);
          layers.disconnect("efi.diskio", child, List.of());
        }
      }
      layers.disconnect("efi.partition", whole, children);
    }
    layers.disconnect("efi.diskio", whole, List.of());
    layers.end();
    return layers.wrong();
  }

  /** Makes the sums of a table right again, if its header lies in the disk. */
  private static void sum(byte[] disk, int header) {
    ByteBuffer all = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    long entries = all.getLong(header + 72) * BLOCK;
    long size = (all.getInt(header + 80) & 0xFFFF_FFFFL) * (all.getInt(header + 84) & 0xFFFF_FFFFL);
    if (entries >= 0 && size >= 0 && entries < disk.length && size <= disk.length - entries) {
      all.putInt(header + 88, crc(disk, (int) entries, (int) size));
    }
    int length = Math.clamp(all.getInt(header + 12), 0, BLOCK);
    all.putInt(header + 16, 0);
    all.putInt(header + 16, crc(disk, header, length));
  }

  /** Makes the sum of a disc's boot catalogue right again, if it lies on the disc: all words of its first entry come to zero (El Torito 1.0, figure 2). */
  private static void sumCatalog(byte[] disk) {
    ByteBuffer all = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    long at = Integer.toUnsignedLong(all.getInt(CATALOG_AT)) * DiscImage.BLOCK;
    if (at > disk.length - VALIDATION) {
      return;
    }
    int sum = -all.getShort((int) at + SUM_AT);
    for (int i = 0; i < VALIDATION; i += Short.BYTES) {
      sum += all.getShort((int) at + i);
    }
    all.putShort((int) at + SUM_AT, (short) -sum);
  }

  private static int crc(byte[] bytes, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  private long call(long object, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = object;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(memory.get64(object + function), all);
  }

  private void files(long volume) {
    if (!layers.connect("efi.fat", volume)) {
      return;
    }
    long system = firmware.handles().find(volume, Protocol.SIMPLE_FILE_SYSTEM);
    if (call(system, 8, room) == 0) {
      long root = memory.get64(room);
      information(root, VOLUME_INFO);
      for (int i = 0; i < MOST_FILES && read(root, PIECE) > 0; i++) {
        information(root, FILE_INFO);
      }
      open(root, "EFI\\BOOT\\BOOTAA64.EFI");
      open(root, "\\efi\\..\\a name that is longer than thirteen characters.TXT");
      open(root, "EMPTY\\nothing");
      call(root, CLOSE);
    }
    layers.disconnect("efi.fat", volume, List.of());
  }

  private void open(long root, String name) {
    memory.write(room + 16, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    if (call(root, OPEN, room, room + 16, 1, 0) != 0) {
      return;
    }
    long file = memory.get64(room);
    information(file, FILE_INFO);
    for (int i = 0; i < MOST_PIECES && read(file, PIECE) > 0; i++) {
      call(file, GET_POSITION, room);
    }
    call(file, SET_POSITION, -1);
    read(file, 3);
    call(file, SET_POSITION, 0x7FFF_FFFF_FFFFL);
    read(file, PIECE);
    call(file, CLOSE);
  }

  private long read(long file, long size) {
    memory.put64(room, size);
    long status = call(file, READ, room, room + 512);
    long got = memory.get64(room);
    layers.expect(status != 0 || got >= 0 && got <= size, "a read of " + size + " bytes gives " + got);
    return status != 0 ? 0 : got;
  }

  private void information(long file, EfiGuid kind) {
    memory.write(room + 16, kind.toBytes());
    memory.put64(room, PIECE);
    call(file, GET_INFO, room + 16, room, room + 512);
  }
}
