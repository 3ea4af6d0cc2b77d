// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A number in an arm64 kernel's image that isn't there before the kernel has relocated itself: what it will be, were the kernel to run where it was linked, by the relocations in the image. Sources: the kernel's
 * documentation, Documentation/arm64/booting.rst, of the header; ELF for the Arm 64-bit Architecture (AAELF64), R_AARCH64_RELATIVE.
 *
 * @param address what it will be
 * @param place   offset in the image of what it will point to
 */
record LinkedBase(long address, int place) {
  private static final int MAGIC = 0x644D_5241;
  private static final int MAGIC_AT = 0x38;
  private static final int PAGE = 4096;
  private static final long RELATIVE = 0x403;
  private static final int ENTRY = 24;
  /** Images begin at a multiple of this, virtually. */
  private static final long STEP = 2 << 20;

  /** @param word offset of the number. @return empty if the image isn't one of arm64, or no relocation is the number's */
  static Optional<LinkedBase> of(ByteBuffer image, int word) {
    int start = word & -PAGE;
    while (start >= 0 && image.getInt(start + MAGIC_AT) != MAGIC) {
      start -= PAGE;
    }
    return start < 0 ? Optional.empty() : relocation(image, start, word - start);
  }

  private static Optional<LinkedBase> relocation(ByteBuffer image, int start, int offset) {
    for (int at = start & -8; at + ENTRY <= image.limit(); at += 8) {
      long where = image.getLong(at);
      if (image.getLong(at + 8) == RELATIVE && where < 0 && ((where - offset) & STEP - 1) == 0) {
        long linked = where - offset;
        long address = image.getLong(at + 16);
        if (address >= linked && address - linked < offset && (address & PAGE - 1) == 0) {
          return Optional.of(new LinkedBase(address, start + (int) (address - linked)));
        }
      }
    }
    return Optional.empty();
  }
}
