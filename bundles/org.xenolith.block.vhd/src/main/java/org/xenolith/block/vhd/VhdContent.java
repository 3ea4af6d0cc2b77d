// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageBytes;

/**
 * The disk in an image: behind one another (fixed), or in blocks that a table names (dynamic; "Dynamic Disk Header Format", "Block Allocation Table and Data Blocks"). A block that isn't there is
 * zeros. The bitmap before a block isn't looked at, as whoever adds one fills it with zeros.
 */
final class VhdContent implements DiskContent {
  private static final int SECTOR = 512;
  private static final int HEADER = 1024;
  private static final int HEADER_SUM_AT = 36;
  private static final int NONE = -1;
  private static final int LARGEST_BLOCK = 256 << 20;
  private static final long LARGEST_TABLE = 64L << 20;

  private final String name;
  private final ImageBytes image;
  private final VhdFooter footer;
  /** Bytes of a block, and of the bitmap before it; 0 in a fixed image. */
  private final int block;
  private final int bitmap;
  /** Sector of each block's bitmap. */
  private final int[] table;

  VhdContent(String name, ImageBytes image) throws IOException {
    this.name = name;
    this.image = image;
    footer = VhdFooter.of(name, image);
    long length = image.length();
    if (footer.type() == VhdFooter.DIFFERENCING) {
      throw new IOException(name
          + ": has only what differs from another image (differencing), and isn't served here; make one of both, and name that: qemu-img convert -f vpc -O qcow2 "
          + name + ' ' + name + ".qcow2, or on Windows Convert-VHD");
    }
    if (footer.type() == VhdFooter.FIXED) {
      if (footer.size() > footer.at() || footer.at() == 0) {
        throw VhdFooter.refused(name, "is cut off: its disk has " + footer.size() + " bytes, and there are " + footer.at()
            + " before the footer");
      }
      block = 0;
      bitmap = 0;
      table = new int[0];
      return;
    }
    ByteBuffer header = read(footer.dataOffset(), HEADER, length, "its header");
    if (!new String(header.array(), 0, 8, StandardCharsets.US_ASCII).equals("cxsparse")) {
      throw VhdFooter.refused(name, "has no header at 0x" + Long.toHexString(footer.dataOffset()) + ", where its footer says it");
    }
    VhdFooter.requireSum(name, "its header", header, HEADER, HEADER_SUM_AT);
    block = header.getInt(32);
    if (block < SECTOR || block > LARGEST_BLOCK || Integer.bitCount(block) != 1) {
      throw VhdFooter.refused(name, "its header says blocks of " + Integer.toUnsignedString(block)
          + " bytes, at offset 32; expected a power of two");
    }
    bitmap = (block / SECTOR / 8 + SECTOR - 1) / SECTOR * SECTOR;
    long needed = (footer.size() + block - 1) / block;
    long entries = header.getInt(28) & 0xFFFF_FFFFL;
    if (entries < needed || needed * 4 > LARGEST_TABLE) {
      throw VhdFooter.refused(name, "its table of blocks has " + entries + " entries, at offset 28 of its header, and its disk needs "
          + needed);
    }
    table = new int[(int) needed];
    read(header.getLong(16), table.length * 4, length, "its table of blocks").asIntBuffer().get(table);
  }

  private ByteBuffer read(long at, int bytes, long length, String what) throws IOException {
    if (at < 0 || at > length - bytes) {
      throw VhdFooter.refused(name, what + " is said to be at 0x" + Long.toHexString(at) + " with " + bytes + " bytes; the file has 0x"
          + Long
              .toHexString(length));
    }
    byte[] read = new byte[bytes];
    image.read(at, read, 0, bytes);
    return ByteBuffer.wrap(read);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return footer.size();
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    if (block == 0) {
      image.read(position, into, offset, bytes);
      return;
    }
    for (int done = 0; done < bytes;) {
      long at = position + done;
      int inBlock = (int) (at % block);
      int piece = Math.min(bytes - done, block - inBlock);
      int sector = table[(int) (at / block)];
      if (sector == NONE) {
        Arrays.fill(into, offset + done, offset + done + piece, (byte) 0);
      } else {
        long place = (sector & 0xFFFF_FFFFL) * SECTOR + bitmap + inBlock;
        if (place > image.length() - piece) {
          throw VhdFooter.refused(name, "the block at 0x" + Long.toHexString(at - inBlock) + " of the disk is said to be at 0x" + Long
              .toHexString(place - inBlock) + ", behind the end of the file, which has 0x" + Long.toHexString(image.length()) + " bytes");
        }
        image.read(place, into, offset + done, piece);
      }
      done += piece;
    }
  }

  @Override
  public String digest() throws IOException {
    return ContentDigest.of(image);
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
