// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageBytes;

/** The disk in an image, in blocks that a table names: there, or zeros ([MS-VHDX] 2.5.1). */
final class VhdxContent implements DiskContent {
  private static final int STATE = 7;
  private static final int PRESENT = 6;
  /** Not there, undefined, zero, given back. */
  private static final int LAST_OF_ZEROS = 3;
  private static final long PLACE = -1L << 20;
  /** Bytes of the table that are kept. */
  private static final int WINDOW = 1 << 16;

  private final String name;
  private final ImageBytes image;
  private final VhdxStructure structure;
  private final byte[] window = new byte[WINDOW];
  /** What the kept part of the table begins at; -1 for nothing. */
  private long windowAt = -1;

  VhdxContent(String name, ImageBytes image) throws IOException {
    this.name = name;
    this.image = image;
    structure = VhdxStructure.of(name, image);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return structure.size();
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    for (int done = 0; done < bytes;) {
      long at = position + done;
      int inBlock = (int) (at % structure.block());
      int piece = Math.min(bytes - done, structure.block() - inBlock);
      long entry = entry(structure.entry(at / structure.block()) * 8);
      int state = (int) entry & STATE;
      if (state == PRESENT) {
        long place = (entry & PLACE) + inBlock;
        if (place < 0 || place > image.length() - piece) {
          throw bad(at - inBlock, "is said to be at 0x" + Long.toHexString(entry & PLACE) + ", behind the end of the file, which has 0x"
              + Long
                  .toHexString(image.length()) + " bytes");
        }
        image.read(place, into, offset + done, piece);
      } else if (state <= LAST_OF_ZEROS) {
        Arrays.fill(into, offset + done, offset + done + piece, (byte) 0);
      } else {
        throw bad(at - inBlock, "is in a state that an image without a parent hasn't, " + state);
      }
      done += piece;
    }
  }

  private long entry(long at) throws IOException {
    long begin = at / WINDOW * WINDOW;
    if (begin != windowAt) {
      windowAt = -1;
      image.read(structure.table() + begin, window, 0, (int) Math.min(WINDOW, structure.tableBytes() - begin));
      windowAt = begin;
    }
    return ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN).getLong((int) (at - begin));
  }

  private IOException bad(long guest, String what) {
    return VhdxStructure.refused(name, "the block at 0x" + Long.toHexString(guest) + " of the disk " + what);
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
