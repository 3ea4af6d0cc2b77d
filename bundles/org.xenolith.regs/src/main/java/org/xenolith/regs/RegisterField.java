// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/**
 * Neighbouring bits of a register that have a name of their own.
 *
 * @param name  as in the manual
 * @param low   its lowest bit, from 0
 * @param width bits that it has
 * @param words what it means, in a few words; may be empty where the name says it
 */
public record RegisterField(String name, int low, int width, String words) {
  /** @throws IllegalArgumentException if it has no name or no bits */
  public RegisterField {
    if (name.isEmpty() || low < 0 || width < 1) {
      throw new IllegalArgumentException("field '" + name + "': " + width + " bits from bit " + low);
    }
  }

  /** Its highest bit. */
  public int high() {
    return low + width - 1;
  }

  /** Its bits in a register of at most 64; what is beyond is left out. */
  public long mask() {
    return low >= Long.SIZE ? 0 : (width >= Long.SIZE ? -1L : (1L << width) - 1) << low;
  }
}
