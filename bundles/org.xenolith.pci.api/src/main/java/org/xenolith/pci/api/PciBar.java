// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.Locale;

/**
 * A base address register as it is now.
 *
 * @param index   number of its first register
 * @param kind    what it maps
 * @param address the first bus address that is in it; 0 if software has put none there
 * @param size    bytes
 */
public record PciBar(int index, Kind kind, long address, long size) {
  /** Kinds of BARs (PCI Local Bus 3.0, 6.2.5). */
  public enum Kind {
    /** I/O space. */
    IO,
    /** 32-bit memory. */
    MEMORY32,
    /** 64-bit memory; takes two registers. */
    MEMORY64,
    /** 64-bit memory without side effects of reads. */
    PREFETCHABLE64
  }

  /** @throws IllegalArgumentException if the size is no power of two */
  public PciBar {
    if (Long.bitCount(size) != 1) {
      throw new IllegalArgumentException("BAR " + index + ": expected a power of two as its size, got " + size);
    }
  }

  /** For example {@code BAR 0 memory64 0x10000000..0x10003fff}. */
  @Override
  public String toString() {
    return "BAR %d %s 0x%x..0x%x".formatted(index, kind.name().toLowerCase(Locale.ROOT), address, address + size - 1);
  }
}
