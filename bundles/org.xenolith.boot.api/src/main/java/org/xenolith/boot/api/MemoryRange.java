// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

/**
 * A piece of the physical address space.
 *
 * @param base first address
 * @param size length in bytes, more than zero; the range does not wrap
 */
public record MemoryRange(long base, long size) {
  public MemoryRange {
    if (base < 0 || size <= 0 || base + size < 0) {
      throw new IllegalArgumentException(String.format("memory range %#x+%#x: expected a positive size below 2^63", base, size));
    }
  }

  /** First address behind the range. */
  public long end() {
    return base + size;
  }

  public boolean overlaps(MemoryRange other) {
    return base < other.end() && other.base < end();
  }

  @Override
  public String toString() {
    return String.format("%#x-%#x", base, end() - 1);
  }
}
