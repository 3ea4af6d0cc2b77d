// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xenolith.block.kit.ImageBytes;

/**
 * What an image says of itself (docs/interop/qcow2.txt of QEMU, "Header" and "Header extensions"), with everything that points somewhere looked at.
 *
 * @param version       2 or 3
 * @param clusterBits   a cluster has two to the power of it bytes
 * @param size          of the disk, in bytes
 * @param l1Offset      where the table of tables is
 * @param l1Entries     how many of its entries the disk needs
 * @param refcountTable where the table of blocks of refcounts is
 * @param refcountClusters how many clusters that has
 * @param refcountOrder a refcount has two to the power of it bits
 * @param snapshots     internal ones
 * @param features      incompatible ones
 * @param bitmaps       whether there are persistent bitmaps, or other things that who writes must know
 * @param zstd          whether compressed clusters are zstd's, and not deflate's
 * @param backing       name of the file that has what isn't here; empty for none
 * @param backingFormat of that; empty if it isn't said
 */
record Qcow2Header(int version, int clusterBits, long size, long l1Offset, int l1Entries, long refcountTable, int refcountClusters,
    int refcountOrder, int snapshots, long features, boolean bitmaps, boolean zstd, String backing, String backingFormat) {
  static final int MAGIC = 0x5146_49FB;
  /** Where the refcount table's place and its clusters stand, 12 bytes. */
  static final int REFCOUNT_TABLE_AT = 48;
  /** Refcounts may be wrong. */
  static final long DIRTY = 1;
  /** Something is known to be wrong. */
  static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA = 1 << 2;
  private static final long COMPRESSION = 1 << 3;
  /** Clusters have parts, each there or not. */
  static final long EXTENDED_L2 = 1 << 4;

  private static final int SHORTEST = 72;
  private static final int LENGTH_3 = 104;
  private static final int COMPRESSION_AT = 104;
  private static final int ZSTD = 1;
  private static final int BACKING_FORMAT = 0xE279_2ACA;
  private static final int SECTOR = 512;
  /** The largest disk, as of a raw image. */
  private static final long LARGEST = (long) SECTOR << 32;
  /** QEMU's own bounds (block/qcow2.h): what is larger is no image that anybody made. */
  private static final long LARGEST_L1 = 32L << 20;
  private static final long LARGEST_REFCOUNTS = 8L << 20;
  private static final int LONGEST_NAME = 1023;

  int clusterSize() {
    return 1 << clusterBits;
  }

  boolean extended() {
    return (features & EXTENDED_L2) != 0;
  }

  /** Entries of a table of clusters. */
  int l2Entries() {
    return clusterSize() / (extended() ? 16 : 8);
  }

  /**
   * Reads it.
   *
   * @param name what a message begins with
   * @throws IOException if it is none, or says what can't be so or isn't served
   */
  static Qcow2Header of(String name, ImageBytes image) throws IOException {
    long length = image.length();
    byte[] bytes = new byte[(int) Math.min(length, 1 << 16)];
    image.read(0, bytes, 0, bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < SHORTEST || in.getInt(0) != MAGIC) {
      throw new IOException(name + ": is no qcow2 image: it doesn't begin with 51 46 49 fb; name another, or leave out format=qcow2");
    }
    int version = in.getInt(4);
    if (version != 2 && version != 3) {
      throw refused(name, "is of version " + version + " of the format, and 2 and 3 are known");
    }
    int clusterBits = in.getInt(20);
    if (clusterBits < 9 || clusterBits > 21) {
      throw refused(name, "its header says clusters of two to the power of " + Integer.toUnsignedString(clusterBits)
          + " bytes, at offset 20; expected 9 to 21");
    }
    if (in.getInt(32) != 0) {
      throw convert(name, "is encrypted (" + (in.getInt(32) == 2 ? "LUKS" : "AES") + ")");
    }
    if (version == 3 && bytes.length < LENGTH_3) {
      throw refused(name, "ends within its header");
    }
    return version3(name, in, length, version, clusterBits);
  }

  private static Qcow2Header version3(String name, ByteBuffer in, long length, int version, int clusterBits) throws IOException {
    long features = version == 3 ? in.getLong(72) : 0;
    if ((features & EXTERNAL_DATA) != 0) {
      throw convert(name, "has its content in another file (external data file)");
    }
    long unknown = features & ~(DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION | EXTENDED_L2);
    if (unknown != 0) {
      throw convert(name, "needs what isn't known here, incompatible features 0x" + Long.toHexString(unknown));
    }
    int refcountOrder = version == 3 ? in.getInt(96) : 4;
    int headerLength = version == 3 ? in.getInt(100) : SHORTEST;
    if (refcountOrder < 0 || refcountOrder > 6) {
      throw refused(name, "its header says refcounts of two to the power of " + Integer.toUnsignedString(refcountOrder)
          + " bits, at offset 96; expected 0 to 6");
    }
    int firstCluster = Math.min(in.limit(), 1 << clusterBits);
    if (headerLength < SHORTEST || headerLength > firstCluster || (headerLength & 7) != 0) {
      throw refused(name, "its header says to have " + Integer.toUnsignedString(headerLength) + " bytes, at offset 100");
    }
    int compression = headerLength > COMPRESSION_AT ? in.get(COMPRESSION_AT) : 0;
    if (compression < 0 || compression > ZSTD || (compression == ZSTD) != ((features & COMPRESSION) != 0)) {
      throw convert(name, "has compressed clusters of a kind that isn't known, " + (compression & 0xFF) + " at offset 104");
    }
    if ((features & EXTENDED_L2) != 0 && clusterBits < 14) {
      throw refused(name, "its header says clusters with parts (extended L2) of less than 16 KiB");
    }
    Extensions extensions = Extensions.of(name, in, headerLength, firstCluster);
    return new Qcow2Header(version, clusterBits, size(name, in), 0, 0, in.getLong(REFCOUNT_TABLE_AT), in.getInt(56), refcountOrder,
        in.getInt(60), features, version == 3 && in.getLong(88) != 0, compression == ZSTD, backing(name, in, firstCluster),
        extensions.backingFormat).withTables(name, in.getLong(40), in.getInt(36), length);
  }

  private static long size(String name, ByteBuffer in) throws IOException {
    long size = in.getLong(24);
    if (size <= 0 || size > LARGEST) {
      throw refused(name, "its header says a disk of " + Long.toUnsignedString(size) + " bytes, at offset 24; expected 1 to " + LARGEST);
    }
    return size;
  }

  private Qcow2Header withTables(String name, long table, int entries, long length) throws IOException {
    long perTable = (long) l2Entries() << clusterBits;
    long needed = (size + perTable - 1) / perTable;
    long there = entries & 0xFFFF_FFFFL;
    if (there < needed || there * 8 > LARGEST_L1) {
      throw refused(name, "its L1 table has " + there + " entries, at offset 36; its disk needs " + needed + ", and "
          + LARGEST_L1 / 8 + " is the most that there may be");
    }
    inside(name, "its L1 table", table, needed * 8, length);
    long clusters = refcountClusters & 0xFFFF_FFFFL;
    if (clusters << clusterBits > LARGEST_REFCOUNTS) {
      throw refused(name, "its refcount table has " + clusters + " clusters, at offset 56; " + (LARGEST_REFCOUNTS >> clusterBits)
          + " is the most that there may be");
    }
    inside(name, "its refcount table", refcountTable, clusters << clusterBits, length);
    return new Qcow2Header(version, clusterBits, size, table, (int) needed, refcountTable, refcountClusters, refcountOrder, snapshots,
        features, bitmaps, zstd, backing, backingFormat);
  }

  private void inside(String name, String what, long offset, long bytes, long length) throws IOException {
    if ((offset & (clusterSize() - 1)) != 0 || offset < clusterSize() || offset > length - bytes) {
      throw refused(name, what + " is said to be at 0x" + Long.toHexString(offset) + " with " + bytes + " bytes; the file has 0x"
          + Long.toHexString(length) + ", in clusters of 0x" + Integer.toHexString(clusterSize()));
    }
  }

  private static String backing(String name, ByteBuffer in, int firstCluster) throws IOException {
    long at = in.getLong(8);
    int bytes = in.getInt(16);
    if (at == 0) {
      return "";
    }
    if (bytes <= 0 || bytes > LONGEST_NAME || at < SHORTEST || at > firstCluster - bytes) {
      throw refused(name, "the name of its backing file is said to have " + Integer.toUnsignedString(bytes) + " bytes at 0x"
          + Long.toHexString(at) + "; it must be in the first cluster, with " + LONGEST_NAME + " bytes at most");
    }
    return new String(in.array(), (int) at, bytes, StandardCharsets.UTF_8);
  }

  /** What stands behind the header. */
  private record Extensions(String backingFormat) {
    private static Extensions of(String name, ByteBuffer in, int from, int end) throws IOException {
      String format = "";
      for (int at = from; at + 8 <= end && in.getInt(at) != 0;) {
        int bytes = in.getInt(at + 4);
        if (bytes < 0 || bytes > end - at - 8) {
          throw refused(name, "its header's extension at 0x" + Integer.toHexString(at) + " doesn't end in the first cluster");
        }
        if (in.getInt(at) == BACKING_FORMAT) {
          format = new String(in.array(), at + 8, bytes, StandardCharsets.US_ASCII);
        }
        at += 8 + (bytes + 7 & ~7);
      }
      return new Extensions(format);
    }
  }

  /** Something is wrong with it. */
  static IOException refused(String name, String what) {
    return new IOException(name + ": " + what + "; if it was whole once, qemu-img check tells more");
  }

  /** It is right, and not served. */
  static IOException convert(String name, String what) {
    return new IOException(name + ": " + what
        + ", which isn't served here; make an image without it, and name that: qemu-img convert -O qcow2 "
        + name + ' ' + name + ".plain");
  }
}
