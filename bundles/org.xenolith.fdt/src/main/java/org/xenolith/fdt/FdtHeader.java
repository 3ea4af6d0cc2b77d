// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/** The ten words at the start of a blob, checked: each block lies inside the blob and no two overlap. */
record FdtHeader(int totalSize, int structOffset, int stringsOffset, int reservationsOffset, int version,
    int lastCompatible, int bootCpuid, int stringsSize, int structSize) {
  static final int MAGIC = 0xd00dfeed;
  static final int SIZE = 40;
  /** What is written; and the newest layout that is understood. */
  static final int VERSION = 17;
  /** The oldest layout that is read; it lacks the size of the structure block. */
  static final int OLDEST = 16;

  private static final int V16_SIZE = 36;
  private static final String REMEDY = "give a DTB that a devicetree compiler made";

  static FdtHeader of(byte[] blob) {
    if (blob.length < V16_SIZE) {
      throw new FdtException(0, "a blob of " + blob.length + " bytes is too short for a devicetree header", REMEDY);
    }
    if (word(blob, 0) != MAGIC) {
      throw new FdtException(0, "the magic number is 0x" + Integer.toHexString(word(blob, 0))
          + " instead of 0xd00dfeed", REMEDY + "; devicetree source (.dts) must be compiled first");
    }
    int version = word(blob, 20);
    int lastCompatible = word(blob, 24);
    if (Integer.compareUnsigned(version, OLDEST) < 0 || Integer.compareUnsigned(lastCompatible, VERSION) > 0
        || Integer.compareUnsigned(lastCompatible, version) > 0) {
      throw new FdtException(20, "version " + Integer.toUnsignedString(version) + ", compatible down to "
          + Integer.toUnsignedString(lastCompatible) + ", isn't between " + OLDEST + " and " + VERSION,
          "convert it with dtc -V 17");
    }
    int total = word(blob, 4);
    int headerSize = version < VERSION ? V16_SIZE : SIZE;
    if (total < headerSize || total > blob.length) {
      throw new FdtException(4, "the header says " + Integer.toUnsignedString(total) + " bytes, the blob has "
          + blob.length, "the file is cut off or damaged; make it anew");
    }
    int structOffset = word(blob, 8);
    int stringsOffset = word(blob, 12);
    int stringsSize = word(blob, 32);
    // version 16: up to the strings block if that follows, else to the end
    int structSize = version >= VERSION ? word(blob, 36)
        : (stringsOffset > structOffset ? stringsOffset : total) - structOffset & ~3;
    FdtHeader header = new FdtHeader(total, structOffset, stringsOffset, word(blob, 16), version, lastCompatible,
        word(blob, 28), stringsSize, structSize);
    header.checkBlocks(headerSize);
    return header;
  }

  private void checkBlocks(int headerSize) {
    inside(8, "structure block", structOffset, structSize, headerSize, 4);
    inside(12, "strings block", stringsOffset, stringsSize, headerSize, 1);
    inside(16, "memory reservation block", reservationsOffset, 16, headerSize, 8);
    if (structOffset < stringsOffset + stringsSize && stringsOffset < structOffset + structSize
        && structSize > 0 && stringsSize > 0) {
      throw new FdtException(8, "structure block and strings block overlap", REMEDY);
    }
    if (structSize % 4 != 0) {
      throw new FdtException(36, "the structure block has " + structSize + " bytes, not a multiple of 4", REMEDY);
    }
  }

  private void inside(int field, String block, int offset, int size, int headerSize, int alignment) {
    if (offset < headerSize || size < 0 || offset > totalSize - size) {
      throw new FdtException(field, "the " + block + " (offset 0x" + Integer.toHexString(offset) + ", 0x"
          + Integer.toHexString(size) + " bytes) doesn't lie inside the blob", REMEDY);
    }
    if (offset % alignment != 0) {
      throw new FdtException(field, "the " + block + " isn't aligned to " + alignment + " bytes", REMEDY);
    }
  }

  /** Where the reservation block must have ended: at the next block, or the end of the blob. */
  int reservationsLimit() {
    int limit = totalSize;
    for (int block : new int[] {structOffset, stringsOffset}) {
      if (block > reservationsOffset) {
        limit = Math.min(limit, block);
      }
    }
    return limit;
  }

  static int word(byte[] blob, int at) {
    return (blob[at] & 0xff) << 24 | (blob[at + 1] & 0xff) << 16 | (blob[at + 2] & 0xff) << 8 | blob[at + 3] & 0xff;
  }
}
