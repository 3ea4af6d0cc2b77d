// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.block.kit.ImageBytes;

/**
 * What a sparse extent says of itself ("Virtual Disk Format 5.0", VMware, "Hosted Sparse Extents" and "Stream-Optimized Compressed Sparse Extents"). Sectors have 512 bytes.
 *
 * @param flags      see the constants
 * @param capacity   sectors of the disk that are in it
 * @param grain      sectors of a grain
 * @param description where the disk's description is, in sectors; 0 if it isn't in this file
 * @param descriptionSectors how long that is at most
 * @param perTable   grains of a grain table
 * @param directory  where the grain directory is, in sectors
 */
record SparseHeader(int flags, long capacity, int grain, long description, int descriptionSectors, int perTable, long directory) {
  static final String MARK = "KDMV";
  static final int SECTOR = 512;
  /** A grain whose entry is 1 is zeros. */
  static final int ZEROED_GRAINS = 1 << 2;
  static final int COMPRESSED = 1 << 16;
  static final int MARKERS = 1 << 17;
  /** Both of these say where the directory is only at the file's end. */
  private static final long AT_END = -1;
  /** Its marker, the footer, and the marker of the end of the stream. */
  private static final int FOOTER_FROM_END = 2 * SECTOR;
  private static final int DEFLATE = 1;
  private static final int LARGEST_GRAIN = 1 << 16;
  private static final int LARGEST_TABLE = 1 << 16;
  private static final int LARGEST_DESCRIPTION = 1 << 14;
  /** The largest disk, as of a raw image. */
  private static final long LARGEST = 1L << 32;

  /** Reads it. @param name what a message begins with */
  static SparseHeader of(String name, ImageBytes image) throws IOException {
    SparseHeader header = at(name, image, 0);
    if (header.directory == AT_END) {
      header = at(name, image, image.length() - FOOTER_FROM_END);
      if (header.directory == AT_END) {
        throw refused(name, "neither its header nor its footer say where its grain directory is");
      }
    }
    return header;
  }

  private static SparseHeader at(String name, ImageBytes image, long at) throws IOException {
    byte[] bytes = new byte[SECTOR];
    if (at < 0 || at > image.length() - SECTOR) {
      throw refused(name, "ends within its header");
    }
    image.read(at, bytes, 0, SECTOR);
    if (!VmdkComponent.begins(bytes, MARK)) {
      throw refused(name, at == 0 ? "doesn't begin with '" + MARK + "'" : "has no footer at 0x" + Long.toHexString(at)
          + ", which its header says that it has");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = in.getInt(4);
    if (version < 1 || version > 3) {
      throw refused(name, "is of version " + Integer.toUnsignedString(version) + " of the format, and 1 to 3 are known");
    }
    int flags = in.getInt(8);
    boolean compressed = (flags & COMPRESSED) != 0;
    int packing = in.getShort(77) & 0xFFFF;
    if (compressed && (packing != DEFLATE || (flags & MARKERS) == 0) || !compressed && packing != 0) {
      throw refused(name, "has grains that are packed in a way that isn't known, " + packing + " at offset 77");
    }
    long capacity = in.getLong(12);
    long grain = in.getLong(20);
    long perTable = in.getInt(44) & 0xFFFF_FFFFL;
    if (capacity <= 0 || capacity > LARGEST) {
      throw refused(name, "its header says a disk of " + Long.toUnsignedString(capacity) + " sectors, at offset 12; expected 1 to "
          + LARGEST);
    }
    if (grain < 1 || grain > LARGEST_GRAIN || Long.bitCount(grain) != 1) {
      throw refused(name, "its header says grains of " + Long.toUnsignedString(grain)
          + " sectors, at offset 20; expected a power of two up to "
          + LARGEST_GRAIN);
    }
    if (perTable < 1 || perTable > LARGEST_TABLE) {
      throw refused(name, "its header says grain tables of " + perTable + " entries, at offset 44");
    }
    return new SparseHeader(flags, capacity, (int) grain, in.getLong(28), (int) Math.max(0, Math.min(in.getLong(36), LARGEST_DESCRIPTION)),
        (int) perTable, in.getLong(56));
  }

  static IOException refused(String name, String what) {
    return new IOException(name + ": " + what + "; if it was whole once, qemu-img check tells more");
  }
}
