// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The 32 bits of an encoding, most significant first, as tokens separated by blanks: fixed bits ({@code 0110}),
 * named fields ({@code imm12:12}, or {@code sf} for one bit) and should-be bits ({@code (11111)}), which a decoder ignores
 * and an assembler writes as given.
 */
final class BitPattern {
  private final int match;
  private final int shouldBe;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  BitPattern(String text) {
    match = (int) fixed(text);
    int at = 32;
    int set = 0;
    for (String token : tokens(text)) {
      if (token.charAt(0) == '(') {
        int width = token.length() - 2;
        at -= width;
        set |= Integer.parseInt(token, 1, 1 + width, 2) << at;
      } else if (token.charAt(0) <= '1') {
        at -= token.length();
      } else {
        int colon = token.indexOf(':');
        int width = colon < 0 ? 1 : Integer.parseInt(token, colon + 1, token.length(), 10);
        String name = colon < 0 ? token : token.substring(0, colon);
        at -= width;
        if (fields.put(name, new Field(name, at, width)) != null)
          throw new IllegalArgumentException("pattern '" + text + "': field " + name + " named twice");
      }
    }
    shouldBe = set;
  }

  /**
   * The fixed bits, in the upper half, and their values. All forms are asked for these when the table is loaded, and few for more.
   *
   * @throws IllegalArgumentException if the pattern hasn't 32 bits
   */
  static long fixed(String text) {
    int at = 32;
    int mask = 0;
    int match = 0;
    int width = -1;
    boolean optional = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        optional = true;
      } else if (c == ' ' || c == ')') {
        at -= Math.max(width, 0);
        width = -1;
        optional = false;
      } else if (width < 0 && c <= '1') {
        at--;
        if (!optional) {
          mask |= 1 << at;
          match |= c - '0' << at;
        }
      } else if (c == ':') {
        width = 0;
        while (i + 1 < text.length() && text.charAt(i + 1) != ' ') {
          width = width * 10 + text.charAt(++i) - '0';
        }
      } else if (width < 0) {
        width = 1;
      }
    }
    at -= Math.max(width, 0);
    if (at != 0)
      throw new IllegalArgumentException("pattern '" + text + "': expected 32 bits, got " + (32 - at));
    return (long) mask << 32 | match & 0xFFFF_FFFFL;
  }

  /** The parts between blanks; by hand, as a regular expression costs half of the table's load time. */
  static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++)
      if (i == text.length() || text.charAt(i) == ' ') {
        if (i > from)
          tokens.add(text.substring(from, i));
        from = i + 1;
      }
    return tokens;
  }

  int match() {
    return match;
  }

  int shouldBe() {
    return shouldBe;
  }

  Map<String, Field> fields() {
    return fields;
  }
}
