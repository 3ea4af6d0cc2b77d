// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

/**
 * One {@code reg} entry in CPU physical addresses (translated through the {@code ranges} of all parent buses).
 *
 * @param base first byte
 * @param size bytes
 */
public record AddressWindow(long base, long size) {
  /** The first address behind the window. */
  public long end() {
    return base + size;
  }

  /** Whether it is one of I/O ports, which a bus has from 2⁶³ on, and not of memory. */
  public boolean ports() {
    return base < 0;
  }

  /** Number of the first of its {@link #ports}. */
  public int port() {
    return (int) base;
  }

  /** Written out: a record's own is put together when it is called first, in the middle of a start. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof AddressWindow window && base == window.base && size == window.size;
  }

  @Override
  public final int hashCode() {
    return 31 * Long.hashCode(base) + Long.hashCode(size);
  }

  /** I/O ports are shown by their numbers. */
  @Override
  public String toString() {
    if (ports()) {
      return "ports 0x%x..0x%x".formatted(base & Long.MAX_VALUE, base + size - 1 & Long.MAX_VALUE);
    }
    return "0x%x..0x%x".formatted(base, base + size - 1);
  }
}
