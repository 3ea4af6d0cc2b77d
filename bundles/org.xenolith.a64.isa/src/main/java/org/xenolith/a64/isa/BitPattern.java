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
  private int mask;
  private int match;
  private int shouldBe;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  BitPattern(String text) {
    int at = 32;
    for (String token : tokens(text)) {
      if (token.charAt(0) == '(') {
        int width = token.length() - 2;
        at -= width;
        shouldBe |= Integer.parseInt(token, 1, 1 + width, 2) << at;
      } else if (token.charAt(0) <= '1') {
        int width = token.length();
        at -= width;
        mask |= (int) ((1L << width) - 1) << at;
        match |= Integer.parseUnsignedInt(token, 2) << at;
      } else {
        int colon = token.indexOf(':');
        int width = colon < 0 ? 1 : Integer.parseInt(token, colon + 1, token.length(), 10);
        String name = colon < 0 ? token : token.substring(0, colon);
        at -= width;
        if (fields.put(name, new Field(name, at, width)) != null)
          throw new IllegalArgumentException("pattern '" + text + "': field " + name + " named twice");
      }
    }
    if (at != 0)
      throw new IllegalArgumentException("pattern '" + text + "': expected 32 bits, got " + (32 - at));
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

  int mask() {
    return mask;
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
