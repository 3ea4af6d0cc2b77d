// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.boot.api.EfiRam;

/**
 * The translation that firmware runs with: every address is itself, RAM is write-back, all else is a device (UEFI 2.10, 2.3.6; Arm DDI 0487,
 * D8.3). Granule 4 KiB, 48 bits in, 40 bits out; blocks of 1 GiB, and of 2 MiB where RAM is.
 */
final class IdentityMap {
  /** Attributes 0: device without gathering, reordering and early acknowledgement; 3: write-back; those between as edk2 has them. */
  static final long MAIR = 0xFFBB4400L;
  /** T0SZ 16, inner-shareable write-back walks, 4 KiB; nothing by TTBR1; IPS 40 bits. */
  static final long TCR_EL1 = 16 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2L << 32;
  /** The same at EL2: PS is elsewhere, and bits 23 and 31 are 1. */
  static final long TCR_EL2 = 16 | 1 << 8 | 1 << 10 | 3 << 12 | 2 << 16 | 1 << 23 | 1L << 31;
  /** Pages that tables take. */
  static final int PAGES = 48;
  private static final int ENTRIES = 512;
  private static final long GIB = 1L << 30;
  private static final long BLOCK = 2L << 20;
  private static final long TABLE = 3;
  private static final long AF = 1 << 10;
  private static final long NEVER_EXECUTED = 3L << 53;
  private static final long DEVICE = AF | NEVER_EXECUTED | 1;
  private static final long RAM = AF | 3 << 8 | 3 << 2 | 1;
  private static final long OUT = 1L << 40;

  private final EfiRam memory;
  private final long base;
  private int used = 1;

  /** @param base of {@link #PAGES} pages of zeros */
  IdentityMap(EfiRam memory, long base) {
    this.memory = memory;
    this.base = base;
    for (long at = 0; at < OUT; at += GIB) {
      memory.put64(level1(at) + 8 * (at / GIB % ENTRIES), at | DEVICE);
    }
  }

  /** Where the first table is: TTBR0. */
  long base() {
    return base;
  }

  private long page() {
    if (used == PAGES) {
      throw new IllegalStateException("RAM is spread over too many GiB");
    }
    return base + (long) PageMap.PAGE * used++;
  }

  private long level1(long address) {
    long entry = base + 8 * (address >>> 39);
    if (memory.get64(entry) == 0) {
      memory.put64(entry, page() | TABLE);
    }
    return memory.get64(entry) & -PageMap.PAGE;
  }

  /** Makes RAM what it is; in whole blocks of 2 MiB, which no board has devices in besides RAM. */
  void ram(long first, long size) {
    long end = Math.min(OUT, first + size + BLOCK - 1 & -BLOCK);
    for (long at = first & -BLOCK; at < end;) {
      long entry = level1(at) + 8 * (at / GIB % ENTRIES);
      if (at % GIB == 0 && end - at >= GIB) {
        memory.put64(entry, at | RAM);
        at += GIB;
      } else {
        if ((memory.get64(entry) & TABLE) != TABLE) {
          long whole = memory.get64(entry);
          long table = page();
          for (int i = 0; i < ENTRIES; i++) {
            memory.put64(table + 8L * i, whole + BLOCK * i);
          }
          memory.put64(entry, table | TABLE);
        }
        memory.put64((memory.get64(entry) & -PageMap.PAGE) + 8 * (at / BLOCK % ENTRIES), at | RAM);
        at += BLOCK;
      }
    }
  }
}
