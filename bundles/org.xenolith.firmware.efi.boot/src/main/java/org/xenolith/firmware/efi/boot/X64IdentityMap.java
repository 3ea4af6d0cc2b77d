// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.function.LongUnaryOperator;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** Translation of x86-64 by which every address is itself (UEFI 2.10, 2.3.4; AMD64 manual, volume 2, 5.3): pages of 2 MiB, up to 4 GiB or where RAM ends. */
final class X64IdentityMap {
  private static final int ENTRIES = 512;
  private static final long GIB = 1L << 30;
  private static final long BLOCK = 2L << 20;
  private static final long LEAST = 4 * GIB;
  /** What one table of the third level reaches. */
  private static final long MOST = ENTRIES * GIB;
  /** Present, writable. */
  private static final long TABLE = 3;
  private static final long LARGE = 0x83;

  private X64IdentityMap() {}

  /**
   * Writes the tables.
   *
   * @param pages gives so many zeroed pages
   * @param end   of RAM
   * @return CR3
   * @throws EfiError UNSUPPORTED, if RAM ends behind 512 GiB
   */
  static long write(EfiRam memory, LongUnaryOperator pages, long end) {
    long reach = Math.max(LEAST, end + GIB - 1 & -GIB);
    if (reach > MOST) {
      throw new EfiError(EfiStatus.UNSUPPORTED, "RAM up to 0x" + Long.toHexString(end) + "; expected 512 GiB at most");
    }
    long root = pages.applyAsLong(2 + reach / GIB);
    long third = root + PageMap.PAGE;
    memory.put64(root, third | TABLE);
    for (long at = 0; at < reach; at += BLOCK) {
      long table = third + PageMap.PAGE * (1 + at / GIB);
      if (at % GIB == 0) {
        memory.put64(third + 8 * (at / GIB), table | TABLE);
      }
      memory.put64(table + 8 * (at / BLOCK % ENTRIES), at | LARGE);
    }
    return root;
  }
}
