// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.Map;

/**
 * What the assembler made of a source text.
 *
 * @param base    address of the first byte
 * @param bytes   the memory image, instructions and data in little-endian order
 * @param symbols labels and constants by name
 */
public record Program(long base, byte[] bytes, Map<String, Long> symbols) {
  /** The image as 32-bit words; a rest of less than four bytes is left out. */
  public int[] words() {
    int[] words = new int[bytes.length / 4];
    for (int i = 0; i < words.length; i++)
      words[i] = bytes[i * 4] & 255 | (bytes[i * 4 + 1] & 255) << 8 | (bytes[i * 4 + 2] & 255) << 16
          | bytes[i * 4 + 3] << 24;
    return words;
  }

  /**
   * Address of a label, or value of a constant.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public long address(String symbol) {
    Long value = symbols.get(symbol);
    if (value == null)
      throw new IllegalArgumentException("no symbol " + symbol + ", there are " + symbols.keySet());
    return value;
  }
}
