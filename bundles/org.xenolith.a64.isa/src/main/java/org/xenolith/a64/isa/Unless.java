// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * The field values that make a word of a form unallocated: alternatives separated by {@code ;}, each a list of
 * comparisons that must all hold, such as {@code "sf=0 imm6>=32; shift=3"}. The right-hand side is a number or another
 * field. The word {@code badmask} holds where N, immr and imms are no logical immediate, {@code odd:Rt} where Rt is odd,
 * {@code badlane} where scale, S and size name no lane of a single structure.
 */
final class Unless {
  private static final int BADMASK = -1;
  private static final int EQ = 0;
  private static final int NE = 1;
  private static final int LT = 2;
  private static final int GE = 3;

  private static final String BADLANE = "scale=3; scale=1 size=1; scale=1 size=3; scale=2 size>=2; scale=2 size=1 S=1";

  /** Per alternative, per comparison: lsb, width mask, operation, value, and lsb of the right-hand field or -1. */
  private final int[][] alternatives;
  private final int bits;

  Unless(String text, BitPattern pattern) {
    List<int[]> parsed = new ArrayList<>();
    int used = 0;
    for (String alternative : text.replace("badlane", BADLANE).split(";")) {
      List<String> atoms = BitPattern.tokens(alternative);
      int[] code = new int[atoms.size() * 5];
      for (int i = 0; i < atoms.size(); i++) {
        String atom = atoms.get(i);
        if (atom.equals("badmask")) {
          code[i * 5 + 2] = BADMASK;
          used |= 1 << 31 | 0x7FFC00;
          continue;
        }
        if (atom.startsWith("odd:")) {
          Field field = field(pattern, atom.substring(4), text);
          code[i * 5] = field.lsb();
          code[i * 5 + 1] = 1;
          code[i * 5 + 2] = EQ;
          code[i * 5 + 3] = 1;
          code[i * 5 + 4] = -1;
          used |= 1 << field.lsb();
          continue;
        }
        int end = 0;
        while (Character.isLetterOrDigit(atom.charAt(end)))
          end++;
        int op;
        int length;
        if (atom.startsWith("!=", end)) {
          op = NE;
          length = 2;
        } else if (atom.startsWith(">=", end)) {
          op = GE;
          length = 2;
        } else if (atom.startsWith("<", end)) {
          op = LT;
          length = 1;
        } else if (atom.startsWith("=", end)) {
          op = EQ;
          length = 1;
        } else {
          throw new IllegalArgumentException("condition '" + text + "': no comparison in '" + atom + "'");
        }
        Field field = field(pattern, atom.substring(0, end), text);
        String right = atom.substring(end + length);
        code[i * 5] = field.lsb();
        code[i * 5 + 1] = (1 << field.width()) - 1;
        code[i * 5 + 2] = op;
        code[i * 5 + 4] = -1;
        used |= field.mask();
        if (Character.isDigit(right.charAt(0))) {
          code[i * 5 + 3] = Integer.parseInt(right);
        } else {
          Field other = field(pattern, right, text);
          code[i * 5 + 4] = other.lsb();
          used |= other.mask();
        }
      }
      parsed.add(code);
    }
    alternatives = parsed.toArray(int[][]::new);
    bits = used;
  }

  private static Field field(BitPattern pattern, String name, String text) {
    Field field = pattern.fields().get(name);
    if (field == null)
      throw new IllegalArgumentException("condition '" + text + "': no field " + name + ", there are "
          + pattern.fields().keySet());
    return field;
  }

  /** The bits that the conditions look at. */
  int bits() {
    return bits;
  }

  boolean holds(int word) {
    for (int[] code : alternatives)
      if (all(code, word))
        return true;
    return false;
  }

  private static boolean all(int[] code, int word) {
    for (int i = 0; i < code.length; i += 5) {
      if (code[i + 2] == BADMASK) {
        if (LogicalImmediate.isValid(word >>> 22 & 1, word >>> 10 & 63, word >>> 31 != 0))
          return false;
        continue;
      }
      int left = word >>> code[i] & code[i + 1];
      int right = code[i + 4] < 0 ? code[i + 3] : word >>> code[i + 4] & code[i + 1];
      boolean holds = switch (code[i + 2]) {
        case EQ -> left == right;
        case NE -> left != right;
        case LT -> left < right;
        default -> left >= right;
      };
      if (!holds)
        return false;
    }
    return true;
  }
}
