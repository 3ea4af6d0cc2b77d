// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** A word under assembly: bits are set once, a second setting must agree. */
final class WordBuilder {
  private int word;
  private int known;
  private int lane = -1;

  WordBuilder(Insn insn) {
    word = insn.match() | insn.shouldBeOnes();
    known = insn.mask();
  }

  boolean set(Field field, int value) {
    if (value < 0 || value >>> field.width() != 0)
      return false;
    int mask = field.mask();
    int bits = value << field.lsb();
    if (((word ^ bits) & mask & known) != 0)
      return false;
    word |= bits;
    known |= mask;
    return true;
  }

  /** Whether all bits of the field are set. */
  boolean knows(Field field) {
    return (field.mask() & ~known) == 0;
  }

  /** Element size as a power of two of bytes, where several operands decide on it together before the field is known. */
  boolean setLane(int size) {
    if (lane >= 0 && lane != size)
      return false;
    lane = size;
    return true;
  }

  int lane() {
    return lane;
  }

  int word() {
    return word;
  }
}
