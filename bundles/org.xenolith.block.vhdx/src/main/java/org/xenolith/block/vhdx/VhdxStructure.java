// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.xenolith.block.kit.ImageBytes;

/**
 * What an image says of itself ([MS-VHDX] 2.2 to 2.6): headers, of which the newer sound one counts, the table of regions, and metadata.
 *
 * @param size   of the disk, in bytes
 * @param block  bytes of a block
 * @param table  where the table of blocks is
 * @param tableBytes how long that is
 */
record VhdxStructure(long size, int block, long table, long tableBytes) {
  static final String FILE = "vhdxfile";
  static final int SECTOR = 512;
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final long[] HEADERS_AT = {64 * KIB, 128 * KIB};
  private static final long[] REGIONS_AT = {192 * KIB, 256 * KIB};
  private static final int HEADER = 4 * KIB;
  private static final int REGIONS = 64 * KIB;
  private static final int METADATA = 64 * KIB;
  private static final int ENTRY = 32;
  private static final int SUM_AT = 4;
  private static final int MOST_REGIONS = 2047;
  private static final String BAT = "2dc27766-f623-4200-9d64-115e9bfd4a08";
  private static final String METADATA_REGION = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
  private static final String FILE_PARAMETERS = "caa16737-fa36-4d43-b3b6-33f0aa44e76b";
  private static final String DISK_SIZE = "2fa54224-cd1b-4876-b211-5dbed83bf4b8";
  private static final String LOGICAL_SECTOR = "8141bf1d-a96f-4709-ba47-f233a8faab5f";
  private static final int HAS_PARENT = 2;
  /** The largest disk, as of a raw image. */
  private static final long LARGEST = (long) SECTOR << 32;

  private record Range(long at, long bytes) {}

  static boolean begins(byte[] bytes, String mark) {
    return bytes.length >= mark.length() && new String(bytes, 0, mark.length(), StandardCharsets.ISO_8859_1).equals(mark);
  }

  /** Reads it. @param name what a message begins with */
  static VhdxStructure of(String name, ImageBytes image) throws IOException {
    long length = image.length();
    byte[] begin = new byte[(int) Math.min(length, 8)];
    image.read(0, begin, 0, begin.length);
    if (!begins(begin, FILE)) {
      throw new IOException(name + ": is no VHDX image: it doesn't begin with '" + FILE + "'; name another, or leave out format=vhdx");
    }
    ByteBuffer header = header(name, image);
    if (header.getShort(66) != 1) {
      throw refused(name, "is of version " + (header.getShort(66) & 0xFFFF) + " of the format, and 1 is known");
    }
    if (header.getLong(48) != 0 || header.getLong(56) != 0) {
      throw new IOException(name
          + ": was not closed by who wrote it, and its log has what isn't in its place yet, which isn't served here; have that done: qemu-img check -r all "
          + name);
    }
    Map<String, Range> regions = regions(name, image, length);
    Range bat = need(name, regions, BAT, "table of blocks");
    Range metadata = need(name, regions, METADATA_REGION, "metadata");
    return of(name, items(name, image, metadata), bat);
  }

  private static VhdxStructure of(String name, Map<String, ByteBuffer> items, Range bat) throws IOException {
    ByteBuffer parameters = item(name, items, FILE_PARAMETERS, 8, "file parameters");
    int block = parameters.getInt(0);
    if ((parameters.getInt(4) & HAS_PARENT) != 0) {
      throw new IOException(name
          + ": has only what differs from another image (a parent), and isn't served here; make one of both, and name that, on Windows by Convert-VHD");
    }
    if (block < MIB || block > 256 * MIB || Integer.bitCount(block) != 1) {
      throw refused(name, "its metadata say blocks of " + Integer.toUnsignedString(block)
          + " bytes; expected a power of two from 1 to 256 MiB");
    }
    int sector = item(name, items, LOGICAL_SECTOR, 4, "logical sector size").getInt(0);
    if (sector != SECTOR) {
      throw new IOException(name + ": has sectors of " + Integer.toUnsignedString(sector)
          + " bytes, and disks here have 512; make an image that has, and name that: qemu-img convert -O qcow2 " + name + ' ' + name
          + ".qcow2, if the system on it can do with that");
    }
    long size = item(name, items, DISK_SIZE, 8, "virtual disk size").getLong(0);
    if (size <= 0 || size > LARGEST || size % SECTOR != 0) {
      throw refused(name, "its metadata say a disk of " + Long.toUnsignedString(size) + " bytes; expected sectors of 512 up to " + LARGEST);
    }
    VhdxStructure structure = new VhdxStructure(size, block, bat.at, bat.bytes);
    if (structure.entry(structure.blocks() - 1) * 8 + 8 > bat.bytes) {
      throw refused(name, "its table of blocks has " + bat.bytes + " bytes, too few for a disk of " + size);
    }
    return structure;
  }

  /** Blocks that the disk has. */
  long blocks() {
    return (size + block - 1) / block;
  }

  /** Which entry of the table is a block's: between so many blocks there is one for the bitmaps of these (2.5). */
  long entry(long index) {
    long ratio = (1L << 23) * SECTOR / block;
    return index + index / ratio;
  }

  /** The sound header with the larger number (2.2.2). */
  private static ByteBuffer header(String name, ImageBytes image) throws IOException {
    ByteBuffer found = null;
    for (long at : HEADERS_AT) {
      Optional<ByteBuffer> header = sound(image, at, HEADER, "head");
      if (header.isPresent() && (found == null || Long.compareUnsigned(header.get().getLong(8), found.getLong(8)) > 0)) {
        found = header.get();
      }
    }
    if (found == null) {
      throw refused(name, "neither of its headers, at 64 and 128 KiB, is what was written");
    }
    return found;
  }

  /** A structure with its mark and the right sum (CRC-32C, with its own bytes zero). */
  private static Optional<ByteBuffer> sound(ImageBytes image, long at, int bytes, String mark) throws IOException {
    if (at > image.length() - bytes) {
      return Optional.empty();
    }
    byte[] read = new byte[bytes];
    image.read(at, read, 0, bytes);
    ByteBuffer in = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    int said = in.getInt(SUM_AT);
    in.putInt(SUM_AT, 0);
    CRC32C sum = new CRC32C();
    sum.update(read);
    return begins(read, mark) && (int) sum.getValue() == said ? Optional.of(in) : Optional.empty();
  }

  private static Map<String, Range> regions(String name, ImageBytes image, long length) throws IOException {
    for (long at : REGIONS_AT) {
      Optional<ByteBuffer> found = sound(image, at, REGIONS, "regi");
      if (found.isPresent()) {
        return regions(name, found.get(), length);
      }
    }
    throw refused(name, "neither of its tables of regions, at 192 and 256 KiB, is what was written");
  }

  private static Map<String, Range> regions(String name, ByteBuffer in, long length) throws IOException {
    int count = in.getInt(8);
    if (count < 0 || count > MOST_REGIONS) {
      throw refused(name, "its table of regions says " + Integer.toUnsignedString(count) + " of them");
    }
    Map<String, Range> regions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int at = 16 + i * ENTRY;
      String id = id(in, at);
      Range range = new Range(in.getLong(at + 16), in.getInt(at + 24) & 0xFFFF_FFFFL);
      if (!id.equals(BAT) && !id.equals(METADATA_REGION)) {
        if ((in.getInt(at + 28) & 1) != 0) {
          throw new IOException(name + ": needs what isn't known here, a region " + id
              + "; make an image without it, and name that: qemu-img convert -O qcow2 " + name + ' ' + name + ".qcow2");
        }
      } else if (range.at < MIB || range.bytes == 0 || range.at > length - range.bytes) {
        throw refused(name, "a region is said to be at 0x" + Long.toHexString(range.at) + " with 0x" + Long.toHexString(range.bytes)
            + " bytes; the file has 0x" + Long.toHexString(length));
      }
      regions.put(id, range);
    }
    return regions;
  }

  private static Range need(String name, Map<String, Range> regions, String id, String what) throws IOException {
    if (!regions.containsKey(id)) {
      throw refused(name, "has no region with its " + what);
    }
    return regions.get(id);
  }

  /** The system's items of metadata, by their ids (2.6). */
  private static Map<String, ByteBuffer> items(String name, ImageBytes image, Range region) throws IOException {
    if (region.bytes < METADATA) {
      throw refused(name, "its metadata have " + region.bytes + " bytes, less than their table");
    }
    byte[] bytes = new byte[(int) Math.min(region.bytes, MIB)];
    image.read(region.at, bytes, 0, bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = in.getShort(10) & 0xFFFF;
    if (!begins(bytes, "metadata") || count > MOST_REGIONS) {
      throw refused(name, "its metadata aren't what was written");
    }
    Map<String, ByteBuffer> items = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int at = ENTRY + i * ENTRY;
      long offset = in.getInt(at + 16) & 0xFFFF_FFFFL;
      long length = in.getInt(at + 20) & 0xFFFF_FFFFL;
      boolean users = (in.getInt(at + 24) & 1) != 0;
      if (!users && length > 0 && offset >= METADATA && offset + length <= bytes.length) {
        items.put(id(in, at), in.slice((int) offset, (int) length).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return items;
  }

  private static ByteBuffer item(String name, Map<String, ByteBuffer> items, String id, int bytes, String what) throws IOException {
    ByteBuffer item = items.get(id);
    if (item == null || item.limit() < bytes) {
      throw refused(name, "its metadata don't say its " + what);
    }
    return item;
  }

  /** A GUID as text: its first three numbers are little-endian. */
  private static String id(ByteBuffer in, int at) {
    return String.format("%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", in.getInt(at), in.getShort(at + 4), in.getShort(at + 6), in
        .get(at + 8), in.get(at + 9), in.get(at + 10), in.get(at + 11), in.get(at + 12), in.get(at + 13), in.get(at + 14), in.get(at + 15));
  }

  static IOException refused(String name, String what) {
    return new IOException(name + ": " + what + "; if it was whole once, qemu-img check tells more");
  }
}
