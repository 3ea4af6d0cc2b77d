// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.xenolith.block.kit.ImageBytes;

/**
 * What an image says of itself ("Virtual Hard Disk Image Format Specification", Microsoft 2006, "Hard Disk Footer Format"): at its end, and of a dynamic one at its begin, too.
 *
 * @param type       2 fixed, 3 dynamic, 4 differencing
 * @param dataOffset where the header of a dynamic one is
 * @param size       of the disk, in bytes
 * @param at         where the footer was
 */
record VhdFooter(int type, long dataOffset, long size, long at) {
  static final int FIXED = 2;
  static final int DYNAMIC = 3;
  static final int DIFFERENCING = 4;
  static final int BYTES = 512;
  private static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_AT = 64;
  private static final int SECTOR = 512;
  /** The largest disk, as of a raw image. */
  private static final long LARGEST = (long) SECTOR << 32;
  /** The most that cylinders, heads and sectors can say: then the size counts. */
  private static final long MOST_BY_GEOMETRY = 65535L * 16 * 255;
  /** Creators whose disks are as large as the size says; with others, Virtual PC and early QEMU, cylinders, heads and sectors say it. */
  private static final Set<String> BY_SIZE = Set.of("qem2", "win ", "d2v ", "tap\0", "CTXS", "wa\0\0");

  /** Whether one is there. */
  static boolean isThere(byte[] bytes, int at) {
    for (int i = 0; i < COOKIE.length; i++) {
      if (at + i >= bytes.length || bytes[at + i] != COOKIE[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads it: at the end, where older images have one of 511 bytes, or the copy at the begin if there is none.
   *
   * @param name what a message begins with
   */
  static VhdFooter of(String name, ImageBytes image) throws IOException {
    long length = image.length();
    for (long at : new long[] {length - BYTES, length - BYTES + 1, 0}) {
      if (at < 0) {
        continue;
      }
      byte[] bytes = new byte[BYTES];
      image.read(at, bytes, 0, (int) Math.min(BYTES, length - at));
      if (isThere(bytes, 0)) {
        return of(name, ByteBuffer.wrap(bytes), at);
      }
    }
    throw new IOException(name + ": is no VHD image: neither its end nor its begin has 'conectix'; name another, or leave out format=vhd");
  }

  private static VhdFooter of(String name, ByteBuffer in, long at) throws IOException {
    requireSum(name, "its footer", in, BYTES, CHECKSUM_AT);
    if (in.getInt(12) >>> 16 != 1) {
      throw refused(name, "is of version " + (in.getInt(12) >>> 16) + " of the format, and 1 is known");
    }
    int type = in.getInt(60);
    if (type < FIXED || type > DIFFERENCING) {
      throw refused(name, "its footer says a disk of type " + Integer.toUnsignedString(type) + ", at offset 60; expected 2 or 3");
    }
    long size = in.getLong(48);
    long byGeometry = (in.getShort(56) & 0xFFFFL) * (in.get(58) & 0xFF) * (in.get(59) & 0xFF);
    byte[] creator = new byte[4];
    in.get(28, creator);
    if (!BY_SIZE.contains(new String(creator, StandardCharsets.ISO_8859_1)) && byGeometry != MOST_BY_GEOMETRY && byGeometry > 0) {
      size = byGeometry * SECTOR;
    }
    if (size <= 0 || size > LARGEST || size % SECTOR != 0) {
      throw refused(name, "its footer says a disk of " + Long.toUnsignedString(size)
          + " bytes, at offset 48; expected sectors of 512 up to "
          + LARGEST);
    }
    return new VhdFooter(type, in.getLong(16), size, at);
  }

  /** The sum of all bytes but its own, inverted. */
  static void requireSum(String name, String what, ByteBuffer in, int bytes, int at) throws IOException {
    int sum = 0;
    for (int i = 0; i < bytes; i++) {
      sum += i >= at && i < at + 4 ? 0 : in.get(i) & 0xFF;
    }
    if (in.getInt(at) != ~sum) {
      throw refused(name, what + " isn't what was written: its sum is 0x" + Integer.toHexString(in.getInt(at)) + " at offset " + at
          + ", and comes to 0x" + Integer.toHexString(~sum));
    }
  }

  static IOException refused(String name, String what) {
    return new IOException(name + ": " + what + "; if it was whole once, have a copy brought again");
  }
}
