// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.List;

/** A condition code as an operand. */
record ConditionOperand(Field field) implements Operand {
  /** By encoding. */
  static final List<String> NAMES = List.of("eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt",
      "le", "al", "nv");

  /** The encoding of a condition, {@code hs} and {@code lo} included, or -1. */
  static int encoding(String name) {
    return switch (name) {
      case "hs" -> 2;
      case "lo" -> 3;
      default -> NAMES.indexOf(name);
    };
  }

  @Override
  public void print(int word, long pc, StringBuilder out) {
    out.append(NAMES.get(field.of(word)));
  }

  @Override
  public boolean parse(Cursor in, WordBuilder word) {
    return word.set(field, encoding(in.word()));
  }
}
