// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.util.Arrays;
import java.util.List;

/**
 * First root file systems one behind the other in one piece of memory, of which Linux unpacks each over those before (Documentation/driver-api/early-userspace/buffer-format.rst): a
 * processor's microcode, the distribution's, and one of the user's own. An archive that isn't packed is looked for at multiples of four bytes, and zeros between archives are passed over.
 */
public final class InitrdParts {
  private static final int ALIGNMENT = 4;
  /** What each form that Linux unpacks begins with (lib/decompress.c): cpio, gzip (two), bzip2, lzma, xz, lzo, lz4, zstd. */
  private static final List<byte[]> MARKS = List.of(new byte[] {'0', '7', '0', '7', '0'}, new byte[] {0x1F, (byte) 0x8B}, new byte[] {0x1F,
      (byte) 0x9E}, new byte[] {'B', 'Z'}, new byte[] {0x5D, 0}, new byte[] {(byte) 0xFD, '7'}, new byte[] {(byte) 0x89, 'L'}, new byte[] {
          2,
          0x21}, new byte[] {0x28, (byte) 0xB5});

  private InitrdParts() {}

  /** Whether a file is a cpio archive, plain or packed, to which others may be joined; a file system's image is none. */
  public static boolean isArchive(byte[] file) {
    return MARKS.stream().anyMatch(mark -> file.length >= mark.length && Arrays.equals(file, 0, mark.length, mark, 0, mark.length));
  }

  /**
   * All of them in their order; one alone is as it was.
   *
   * @throws IllegalArgumentException if they are more than an array can hold
   */
  public static byte[] joined(List<byte[]> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    long size = 0;
    for (byte[] part : parts) {
      size = aligned(size) + part.length;
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("together they have " + (size >> 20) + " MiB, and 2047 is the most");
    }
    byte[] all = new byte[(int) size];
    long at = 0;
    for (byte[] part : parts) {
      at = aligned(at);
      System.arraycopy(part, 0, all, (int) at, part.length);
      at += part.length;
    }
    return all;
  }

  private static long aligned(long at) {
    return at + ALIGNMENT - 1 & -ALIGNMENT;
  }
}
