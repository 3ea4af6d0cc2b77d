// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

/** Where a CPU finds the registers of its local APIC in xAPIC mode (SDM volume 3, 12.4.5). */
public interface LapicPlace {
  /** Their address, a multiple of 4 KiB. */
  long base();

  /** Software moves them. Returns whether that can be done; if not, they stay. @param base a multiple of 4 KiB, within {@link #physicalBits} */
  boolean move(long base);

  /** Width of the CPU's physical addresses, 36 to 52: bits above are reserved. */
  int physicalBits();

  /** A place that stays. */
  static LapicPlace fixed(long base) {
    return new LapicPlace() {
      @Override
      public long base() {
        return base;
      }

      @Override
      public boolean move(long newBase) {
        return newBase == base;
      }

      @Override
      public int physicalBits() {
        return 52;
      }
    };
  }
}
