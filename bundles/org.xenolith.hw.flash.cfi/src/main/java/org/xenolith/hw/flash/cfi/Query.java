// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

/**
 * The query table of one chip (JEDEC JESD68.01, tables 1 to 4), and behind it the primary table of command set 1 (Intel 290667, appendix
 * A). A power of two is said by its exponent.
 */
final class Query {
  private static final int START = 0x10;
  private static final int PRIMARY = 0x31;

  private final int[] table = new int[PRIMARY + 13];

  /**
   * @param size   bytes of the chip, a power of two
   * @param width  bytes of its words: 1 or 2
   * @param block  bytes of its blocks
   * @param buffer bytes of its write buffer
   */
  Query(long size, int width, long block, int buffer) {
    put(START, 'Q', 'R', 'Y', 1, 0, PRIMARY, 0, 0, 0, 0, 0);
    // Supply: 2.7 to 3.6 V, none for programming. Typical times: 2⁷ µs for a word, 2⁷ µs for the buffer, 2¹⁰ ms for a block; at most 2⁴ times that.
    put(0x1B, 0x27, 0x36, 0, 0, 7, 7, 10, 0, 4, 4, 4, 0);
    long blocks = size / block - 1;
    put(0x27, exponent(size), width - 1, 0, exponent(buffer), 0, 1, (int) blocks & 0xFF, (int) (blocks >> 8), (int) (block >> 8) & 0xFF,
        (int) (block >> 16));
    // Version 1.0; blocks can be locked and unlocked one by one (feature 5), which their status shows.
    put(PRIMARY, 'P', 'R', 'I', '1', '0', 1 << 5, 0, 0, 0, 0, 1, 0, 0x33);
  }

  private void put(int at, int... values) {
    System.arraycopy(values, 0, table, at, values.length);
  }

  private static int exponent(long size) {
    return Long.numberOfTrailingZeros(size);
  }

  /** The byte at a word's number; zero beyond the table. */
  int at(long word) {
    return word < table.length ? table[(int) word] : 0;
  }
}
