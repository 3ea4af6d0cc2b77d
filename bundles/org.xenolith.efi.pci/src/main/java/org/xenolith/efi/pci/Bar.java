// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

/**
 * A BAR that has a place.
 *
 * @param address where devices see it
 * @param size    its bytes, a power of 2
 * @param kind    the lower bits of its register (PCI Local Bus 3.0, 6.2.5.1)
 */
record Bar(long address, long size, int kind) {
  private static final int MOST = 6;
  private static final int IO = 1;
  private static final int TYPE = 6;
  private static final int WIDE = 4;
  private static final int PREFETCHABLE = 8;

  /** Its size and kind as one number. */
  static long number(long size, long register) {
    return size | register & flags(register);
  }

  private static long flags(long register) {
    return (register & IO) != 0 ? 3 : 15;
  }

  /** One of a function's by the numbers of its protocol; null if there is none, or none with a place. */
  static Bar of(long[] numbers, long index) {
    int bar = (int) index & 0xFF;
    long number = bar < MOST ? numbers[FunctionProtocol.BARS + 2 * bar + 1] : 0;
    return number == 0 ? null : new Bar(numbers[FunctionProtocol.BARS + 2 * bar], number & ~flags(number), (int) (number & flags(number)));
  }

  boolean io() {
    return (kind & IO) != 0;
  }

  boolean wide() {
    return !io() && (kind & TYPE) == WIDE;
  }

  boolean prefetchable() {
    return !io() && (kind & PREFETCHABLE) != 0;
  }

  /** Whether it has all these bytes. */
  boolean has(long offset, long bytes) {
    return offset >= 0 && bytes >= 0 && bytes <= size && offset <= size - bytes;
  }
}
