// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** One piece of an assembly syntax, which can both write itself from a word and read itself into one. */
interface Operand {
  /** Appends the text for {@code word} at address {@code pc}. */
  void print(int word, long pc, StringBuilder out);

  /** Reads the text into {@code word}; false if it doesn't fit. */
  boolean parse(Cursor in, WordBuilder word);
}
