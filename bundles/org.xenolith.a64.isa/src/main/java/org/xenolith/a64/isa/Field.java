// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/**
 * A named run of bits of an encoding.
 *
 * @param name  the Arm ARM's name for it
 * @param lsb   position of the lowest bit, 0 to 31
 * @param width number of bits
 */
public record Field(String name, int lsb, int width) {
  /** The field's value in {@code word}, unsigned. */
  public int of(int word) {
    return word >>> lsb & (1 << width) - 1;
  }

  /** {@code word} with the field set to the low bits of {@code value}. */
  public int with(int word, int value) {
    int mask = (1 << width) - 1;
    return word & ~(mask << lsb) | (value & mask) << lsb;
  }

  /** The bits the field occupies. */
  public int mask() {
    return (1 << width) - 1 << lsb;
  }
}
