// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** General registers: {@code <Wd>}, {@code <Xn|SP>}, {@code <Rt:size=3>} (X where the field has the value, W elsewhere). */
final class RegisterOperands {
  private static final Pattern NAME = Pattern.compile("([WXR])(d|n|m|a|t2|t|s)(\\+1)?(\\|SP)?(?::(.*))?");

  private RegisterOperands() {
  }

  /** The operand, or null if the name isn't one of a general register. */
  static Operand of(String name, BitPattern pattern) {
    switch (name) {
      case "optXt" :
        return new Optional(pattern.fields().get("Rt"), 31, ", ");
      case "optXn" :
        return new Optional(pattern.fields().get("Rn"), 30, "");
      case "shift" :
        return new ShiftAmount(pattern);
      case "extend" :
        return new Extended(pattern);
      default :
    }
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches())
      return null;
    Field number = pattern.fields().get("R" + matcher.group(2));
    Width width = switch (matcher.group(1)) {
      case "W" -> new Width(null, 0);
      case "X" -> new Width(null, 1);
      default -> Width.of(matcher.group(5), pattern);
    };
    return new General(number, matcher.group(3) != null, matcher.group(4) != null, width);
  }

  /** Which words make the register 64 bits wide: always, never, or those with a value in a field. */
  private record Width(Field field, int value) {
    static final int LANE = -1;
    static final int BIT = -2;

    static Width of(String condition, BitPattern pattern) {
      if (condition == null)
        return new Width(pattern.fields().get("sf"), 1);
      if (condition.equals("imm5"))
        return new Width(pattern.fields().get("imm5"), LANE);
      if (condition.equals("bit"))
        return new Width(pattern.fields().get("b5"), BIT);
      int equals = condition.indexOf('=');
      return new Width(pattern.fields().get(condition.substring(0, equals)),
          Integer.parseInt(condition.substring(equals + 1)));
    }

    boolean is64(int word) {
      if (field == null)
        return value == 1;
      if (value == LANE)
        return (field.of(word) & 15) == 8;
      return field.of(word) == (value == BIT ? 1 : value);
    }

    boolean set(WordBuilder word, boolean is64) {
      if (field == null)
        return is64 == (value == 1);
      if (value == LANE)
        return is64 == ((field.of(word.word()) & 15) == 8);
      if (value == BIT)
        return is64 || word.set(field, 0);
      if (word.knows(field))
        return is64 == is64(word.word());
      if (is64)
        return word.set(field, value);
      for (int other = 0; other < 1 << field.width(); other++)
        if (other != value && word.set(field, other))
          return true;
      return false;
    }
  }

  static String name(int number, boolean is64, boolean stack) {
    if (number == 31)
      return stack ? is64 ? "sp" : "wsp" : is64 ? "xzr" : "wzr";
    return (is64 ? "x" : "w") + number;
  }

  /** Reads a register: its number, plus 32 where it is 64 bits wide; or -1. */
  static int read(Cursor in, boolean stack) {
    int mark = in.mark();
    String text = in.word();
    int number = -1;
    if (text.equals(stack ? "sp" : "xzr"))
      number = 31 + 32;
    else if (text.equals(stack ? "wsp" : "wzr"))
      number = 31;
    else if (text.equals("lr"))
      number = 30 + 32;
    else if (text.length() >= 2 && text.length() <= 3 && (text.charAt(0) == 'x' || text.charAt(0) == 'w')
        && text.chars().skip(1).allMatch(Character::isDigit)) {
          int value = Integer.parseInt(text, 1, text.length(), 10);
          if (value < 31)
            number = value + (text.charAt(0) == 'x' ? 32 : 0);
        }
    if (number < 0)
      in.reset(mark);
    return number;
  }

  private record General(Field number, boolean next, boolean stack, Width width) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(name(number.of(word) + (next ? 1 : 0) & 31, width.is64(word), stack));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int read = read(in, stack);
      return read >= 0 && width.set(word, read >= 32) && word.set(number, (read & 31) - (next ? 1 : 0) & 31);
    }
  }

  /** A 64-bit register that isn't written when it is the usual one. */
  private record Optional(Field number, int usual, String before) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      if (number.of(word) != usual)
        out.append(before).append(name(number.of(word), true, false));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (in.atEnd())
        return word.set(number, usual);
      if (!in.accept(before))
        return false;
      int read = read(in, false);
      return read >= 32 && word.set(number, read & 31);
    }
  }

  /** The shift of a shifted register, not written where it is LSL by 0. */
  private static final class ShiftAmount implements Operand {
    private static final String[] KINDS = {"lsl", "lsr", "asr", "ror"};
    private final Field kind;
    private final Field amount;

    ShiftAmount(BitPattern pattern) {
      kind = pattern.fields().get("shift");
      amount = pattern.fields().get("imm6");
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      if (kind.of(word) != 0 || amount.of(word) != 0)
        out.append(", ").append(KINDS[kind.of(word)]).append(" #").append(amount.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.accept(","))
        return word.set(kind, 0) && word.set(amount, 0);
      for (int i = 0; i < 4; i++)
        if (in.acceptWord(KINDS[i]))
          return in.expression() && in.number() >>> 6 == 0 && word.set(kind, i)
              && word.set(amount, (int) in.number());
      return false;
    }
  }

  /** Register with extension; LSL, or nothing, where the extension is none and the stack pointer takes part. */
  private static final class Extended implements Operand {
    static final String[] KINDS = {"uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"};
    private final BitPattern pattern;
    private final Field rm;
    private final Field option;
    private final Field amount;
    private final boolean setsFlags;

    Extended(BitPattern pattern) {
      this.pattern = pattern;
      rm = pattern.fields().get("Rm");
      option = pattern.fields().get("option");
      amount = pattern.fields().get("imm3");
      setsFlags = (pattern.match() & 1 << 29) != 0;
    }

    private boolean usesStack(int word) {
      return Fields.rn(word) == 31 || !setsFlags && Fields.rd(word) == 31;
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int kind = option.of(word);
      int shift = amount.of(word);
      out.append(name(rm.of(word), Fields.sf(word) && (kind & 3) == 3, false));
      if (usesStack(word) && kind == (Fields.sf(word) ? 3 : 2)) {
        if (shift != 0)
          out.append(", lsl #").append(shift);
      } else {
        out.append(", ").append(KINDS[kind]);
        if (shift != 0)
          out.append(" #").append(shift);
      }
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int read = read(in, false);
      if (read < 0 || !word.set(rm, read & 31))
        return false;
      boolean sf = Fields.sf(word.word());
      int kind = -1;
      if (in.accept(",")) {
        if (in.acceptWord("lsl"))
          kind = sf ? 3 : 2;
        for (int i = 0; i < 8 && kind < 0; i++)
          if (in.acceptWord(KINDS[i]))
            kind = i;
        if (kind < 0)
          return false;
        int shift = 0;
        if (!in.atEnd()) {
          if (!in.expression() || in.number() < 0 || in.number() > 4)
            return false;
          shift = (int) in.number();
        }
        if (!word.set(amount, shift))
          return false;
      } else {
        kind = sf ? 3 : 2;
        if (!word.set(amount, 0) || !usesStack(word.word()))
          return false;
      }
      return read >= 32 == (sf && (kind & 3) == 3) && word.set(option, kind);
    }
  }
}
