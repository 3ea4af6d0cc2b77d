// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SIMD and floating-point registers as scalars ({@code <Dd>}, {@code <Fn>} by ftype, {@code <Vt:opc=sdq>} by a field) and as
 * vectors with an arrangement ({@code <Vd:4s>}, {@code <Vd:T>} by size and Q, {@code <Vd:Q=8b,16b>} by fields).
 */
final class VectorOperands {
  private static final Pattern NAME = Pattern.compile("([VFBHSDQ])(d|n|m|a|t2|t)(?::(.*))?");
  private static final Map<String, String> ARRANGEMENTS = Map.of(
      "T", "size.Q=8b,16b,4h,8h,2s,4s,1d,2d",
      "B", "Q=8b,16b",
      "F", "sz.Q=2s,4s,-,2d",
      "W", "size=8h,4s,2d,-");
  private static final String LETTERS = "bhsd";

  private VectorOperands() {
  }

  /** The operand, or null if the name isn't one of a SIMD register. */
  static Operand of(String name, BitPattern pattern) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches())
      return null;
    Field number = pattern.fields().get("R" + matcher.group(2));
    String kind = matcher.group(1);
    String by = matcher.group(3);
    if (kind.equals("F"))
      return scalar(number, pattern, "ftype=sd-h");
    if (!kind.equals("V"))
      return new FixedScalar(number, Character.toLowerCase(kind.charAt(0)));
    if (by == null)
      return new FixedScalar(number, 'v');
    if (by.startsWith("@"))
      return LaneSize.scalar(number, pattern, by.substring(1));
    if (by.startsWith("imm"))
      return LaneSize.vector(number, pattern, by);
    by = ARRANGEMENTS.getOrDefault(by, by);
    if (by.indexOf('=') < 0)
      return new Arranged(number, null, by);
    int equals = by.indexOf('=');
    if (by.indexOf(',') < 0)
      return scalar(number, pattern, by);
    return new Arranged(number, new Bits(pattern, by.substring(0, equals)), by.substring(equals + 1).split(","));
  }

  private static Operand scalar(Field number, BitPattern pattern, String by) {
    int equals = by.indexOf('=');
    return new Scalar(number, new Bits(pattern, by.substring(0, equals)), by.substring(equals + 1));
  }

  static Arranged arranged(Field number, BitPattern pattern, String name) {
    String by = ARRANGEMENTS.get(name);
    int equals = by.indexOf('=');
    return new Arranged(number, new Bits(pattern, by.substring(0, equals)), by.substring(equals + 1).split(","));
  }

  /** Reads a register such as {@code v7} with the given letter: its number, or -1. */
  static int read(Cursor in, char letter) {
    int mark = in.mark();
    if (in.accept(String.valueOf(letter))) {
      int number = in.digits();
      if (number >= 0 && number < 32)
        return number;
    }
    in.reset(mark);
    return -1;
  }

  private record FixedScalar(Field number, char letter) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(letter).append(number.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return word.set(number, read(in, letter));
    }
  }

  /** A scalar whose size letter is chosen by fields. */
  private record Scalar(Field number, Bits bits, String letters) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(letters.charAt(bits.of(word))).append(number.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      for (int i = 0; i < letters.length(); i++) {
        if (letters.charAt(i) == '-')
          continue;
        int read = read(in, letters.charAt(i));
        if (read >= 0)
          return bits.set(word, i) && word.set(number, read);
      }
      return false;
    }
  }

  /** A vector whose arrangement is fixed, or chosen by fields. */
  record Arranged(Field number, Bits bits, String... names) implements Operand {
    String arrangement(int word) {
      return names[bits == null ? 0 : bits.of(word)];
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append('v').append(number.of(word)).append('.').append(arrangement(word));
    }

    /** Reads {@code .4s} and sets what it says. */
    boolean parseArrangement(Cursor in, WordBuilder word) {
      if (!in.accept("."))
        return false;
      String arrangement = in.word();
      for (int i = 0; i < names.length; i++)
        if (names[i].equals(arrangement))
          return bits == null || bits.set(word, i);
      return false;
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return word.set(number, read(in, 'v')) && parseArrangement(in, word);
    }
  }

  /** Element size given by the lowest set bit of imm5 or the highest set bit of immh, as scalar or vector. */
  private record LaneSize(Field number, Field field, int plus, boolean low, Field q, boolean vector) implements Operand {
    static LaneSize scalar(Field number, BitPattern pattern, String by) {
      return of(number, pattern, by, false);
    }

    static LaneSize vector(Field number, BitPattern pattern, String by) {
      return of(number, pattern, by, true);
    }

    private static LaneSize of(Field number, BitPattern pattern, String by, boolean vector) {
      boolean wide = by.endsWith("+1");
      String name = wide ? by.substring(0, by.length() - 2) : by;
      return new LaneSize(number, pattern.fields().get(name), wide ? 1 : 0, name.equals("imm5"),
          wide ? null : pattern.fields().get("Q"), vector);
    }

    private int size(int word) {
      int value = field.of(word);
      return (low ? Integer.numberOfTrailingZeros(value) : 31 - Integer.numberOfLeadingZeros(value)) + plus;
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int size = size(word);
      if (!vector) {
        out.append(LETTERS.charAt(size)).append(number.of(word));
        return;
      }
      int bytes = q == null || q.of(word) == 1 ? 16 : 8;
      out.append('v').append(number.of(word)).append('.').append(bytes >> size).append(LETTERS.charAt(size));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int size = -1;
      if (vector) {
        if (!word.set(number, read(in, 'v')) || !in.accept("."))
          return false;
        int lanes = in.digits();
        String letter = in.word();
        size = letter.length() == 1 ? LETTERS.indexOf(letter) : -1;
        if (size < 0 || lanes << size != 8 && lanes << size != 16)
          return false;
        boolean full = lanes << size == 16;
        if (q == null ? !full : !word.set(q, full ? 1 : 0))
          return false;
      } else {
        for (int i = 0; i < 4 && size < 0; i++) {
          int read = read(in, LETTERS.charAt(i));
          if (read >= 0) {
            size = i;
            if (!word.set(number, read))
              return false;
          }
        }
      }
      size -= plus;
      if (size < 0 || !word.setLane(size))
        return false;
      return !low || word.set(new Field("imm5", field.lsb(), size + 1), 1 << size);
    }
  }
}
