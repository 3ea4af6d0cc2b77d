// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.Locale;
import java.util.Map;

/** A place in a line of assembly. Blanks between tokens don't matter, nor does the case of letters but in names of symbols. */
final class Cursor {
  private final String original;
  private final String text;
  private final Map<String, Long> symbols;
  private final boolean lenient;
  private final long pc;
  private int at;
  private int farthest;
  private long number;

  /**
   * @param pc      address of the instruction
   * @param symbols values of names
   * @param lenient whether a name without a value stands for {@code pc}, as in a first pass
   */
  Cursor(String text, long pc, Map<String, Long> symbols, boolean lenient) {
    original = text;
    this.text = text.toLowerCase(Locale.ROOT);
    this.pc = pc;
    this.symbols = symbols;
    this.lenient = lenient;
  }

  long pc() {
    return pc;
  }

  int mark() {
    return at;
  }

  void reset(int mark) {
    at = mark;
  }

  /** How far any reading came. */
  int farthest() {
    return farthest;
  }

  private void skip() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t'))
      at++;
    farthest = Math.max(farthest, at);
  }

  boolean atEnd() {
    skip();
    return at == text.length();
  }

  /** Steps over {@code literal} if it comes next. */
  boolean accept(String literal) {
    skip();
    int mark = at;
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == ' ') {
        skip();
        continue;
      }
      if (i == 0 || !Character.isLetterOrDigit(c))
        skip();
      if (at >= text.length() || text.charAt(at) != c) {
        at = mark;
        return false;
      }
      at++;
    }
    farthest = Math.max(farthest, at);
    return true;
  }

  /** Letters, digits and underlines that come next; empty if none. */
  String word() {
    skip();
    int from = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_'))
      at++;
    return text.substring(from, at);
  }

  /** Steps over the word if it comes next in full. */
  boolean acceptWord(String word) {
    int mark = at;
    if (word().equals(word)) {
      farthest = Math.max(farthest, at);
      return true;
    }
    at = mark;
    return false;
  }

  /** A decimal number without sign straight away, or -1. */
  int digits() {
    int from = at;
    while (at < text.length() && at < from + 3 && Character.isDigit(text.charAt(at)))
      at++;
    return from == at ? -1 : Integer.parseInt(text, from, at, 10);
  }

  /** Reads an expression: numbers, characters, names and {@code .} with plus and minus between; {@link #number} has it. */
  boolean expression() {
    accept("#");
    long sum = 0;
    boolean first = true;
    for (;;) {
      boolean minus = accept("-");
      if (!minus && !accept("+") && !first)
        break;
      if (!term())
        return false;
      sum += minus ? -number : number;
      first = false;
    }
    number = sum;
    return true;
  }

  private boolean term() {
    skip();
    int mark = at;
    if (at + 2 < text.length() && text.charAt(at) == '\'' && text.charAt(at + 2) == '\'') {
      number = original.charAt(at + 1);
      at += 3;
      return true;
    }
    if (accept(":lo12:")) {
      if (!term())
        return false;
      number &= 0xFFF;
      return true;
    }
    if (accept("~")) {
      if (!term())
        return false;
      number = ~number;
      return true;
    }
    if (accept("(")) {
      if (!expression() || !accept(")")) {
        at = mark;
        return false;
      }
      return true;
    }
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "_.$".indexOf(text.charAt(at)) >= 0))
      at++;
    String term = text.substring(mark, at);
    farthest = Math.max(farthest, mark);
    if (term.isEmpty())
      return false;
    if (term.equals(".")) {
      number = pc;
    } else if (Character.isDigit(term.charAt(0))) {
      try {
        if (term.startsWith("0x"))
          number = Long.parseUnsignedLong(term, 2, term.length(), 16);
        else if (term.startsWith("0b"))
          number = Long.parseUnsignedLong(term, 2, term.length(), 2);
        else
          number = Long.parseUnsignedLong(term);
      } catch (NumberFormatException e) {
        at = mark;
        return false;
      }
    } else {
      Long value = symbols.get(original.substring(mark, at));
      if (value == null && !lenient) {
        at = mark;
        return false;
      }
      number = value == null ? pc : value;
    }
    farthest = Math.max(farthest, at);
    return true;
  }

  /** Reads a floating-point number after an optional number sign; NaN if there is none. */
  double decimal() {
    accept("#");
    skip();
    int from = at;
    while (at < text.length() && "+-.0123456789e".indexOf(text.charAt(at)) >= 0)
      at++;
    try {
      return Double.parseDouble(text.substring(from, at));
    } catch (NumberFormatException e) {
      at = from;
      return Double.NaN;
    }
  }

  /** The value of the last expression. */
  long number() {
    return number;
  }

  /** Whether values are not final yet. */
  boolean lenient() {
    return lenient;
  }
}
