// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The usual short spellings, each turned into instructions of the table that mean the same. Source: Arm ARM, C6.2 and C7.2. */
final class Aliases {
  private final String mnemonic;
  private final String all;
  private final List<String> operands;
  private final Function<String, Long> operandValues;
  private final List<String> found = new ArrayList<>();

  private Aliases(String mnemonic, String all, Function<String, Long> operandValues) {
    this.mnemonic = mnemonic;
    this.all = all;
    this.operandValues = operandValues;
    operands = split(all);
  }

  /**
   * Spellings to try in this order; none if the mnemonic is no alias.
   *
   * @param operandValues value of an operand, null if it isn't a number
   */
  static List<String> expand(String mnemonic, String operands, Function<String, Long> operandValues) {
    Aliases aliases = new Aliases(mnemonic, operands, operandValues);
    aliases.expand();
    return aliases.found;
  }

  /** Operands between commas that stand in no bracket. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '[' || c == '{' || c == '(')
        depth++;
      else if (c == ']' || c == '}' || c == ')')
        depth--;
      else if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    if (!text.isBlank())
      parts.add(text.substring(from).strip());
    return parts;
  }

  private void expand() {
    switch (mnemonic) {
      case "nop" -> hint(0);
      case "yield" -> hint(1);
      case "wfe" -> hint(2);
      case "wfi" -> hint(3);
      case "sev" -> hint(4);
      case "sevl" -> hint(5);
      case "b.hs" -> found.add("b.cs " + all);
      case "b.lo" -> found.add("b.cc " + all);
      case "tlbi", "dc", "ic", "at" -> systemOperation();
      default -> {
        if (!operands.isEmpty()) {
          moves();
          arithmetic();
          if (operands.size() > 1)
            shiftsAndFields();
          conditional();
          loadsAndStores();
        }
      }
    }
  }

  private void hint(int number) {
    if (operands.isEmpty())
      found.add("hint #" + number);
  }

  private void systemOperation() {
    int encoding = operands.isEmpty() ? -1
        : SystemOperationName.encoding(mnemonic, operands.get(0).toLowerCase(Locale.ROOT));
    if (encoding >= 0)
      found.add("sys #" + (encoding >> 11 & 7) + ", C" + (encoding >> 7 & 15) + ", C" + (encoding >> 3 & 15) + ", #"
          + (encoding & 7) + (operands.size() > 1 ? ", " + operands.get(1) : ""));
  }

  private String op(int i) {
    return i < operands.size() ? operands.get(i) : "";
  }

  private String from(int i) {
    return String.join(", ", operands.subList(Math.min(i, operands.size()), operands.size()));
  }

  private boolean isWide() {
    char c = op(0).isEmpty() ? 0 : Character.toLowerCase(op(0).charAt(0));
    return c == 'x' || c == 's' || c == 'l';
  }

  private String zero() {
    return isWide() ? "xzr" : "wzr";
  }

  /** The operand as a register of the first operand's width. */
  private String sameWidth(String register) {
    return (isWide() ? "x" : "w") + register.substring(1);
  }

  private void moves() {
    switch (mnemonic) {
      case "mov" -> {
        String a = op(0);
        String b = op(1);
        Long value = operandValues.apply(b);
        if (value != null) {
          moveImmediate(a, value);
        } else if (a.contains("[")) {
          found.add("ins " + all);
        } else if (b.contains("[")) {
          found.add("umov " + all);
          found.add("dup " + all);
        } else if (a.contains(".")) {
          found.add("orr " + a + ", " + b + ", " + b);
        } else {
          found.add("orr " + a + ", " + zero() + ", " + b);
          found.add("add " + a + ", " + b + ", #0");
        }
      }
      case "mvn" -> {
        found.add("not " + all);
        found.add("orn " + op(0) + ", " + zero() + ", " + from(1));
      }
      default -> {
      }
    }
  }

  private void moveImmediate(String register, long value) {
    boolean wide = isWide();
    if (!wide && value >> 32 == -1)
      value &= 0xFFFF_FFFFL;
    int halves = wide ? 4 : 2;
    for (int i = 0; i < halves; i++)
      if ((value & ~(0xFFFFL << 16 * i)) == 0)
        found.add("movz " + register + ", #" + (value >>> 16 * i) + ", lsl #" + 16 * i);
    long inverse = wide ? ~value : ~value & 0xFFFF_FFFFL;
    for (int i = 0; i < halves; i++)
      if ((inverse & ~(0xFFFFL << 16 * i)) == 0)
        found.add("movn " + register + ", #" + (inverse >>> 16 * i) + ", lsl #" + 16 * i);
    found.add("orr " + register + ", " + zero() + ", #0x" + Long.toHexString(value));
  }

  private void arithmetic() {
    switch (mnemonic) {
      case "cmp" -> withImmediate("subs", zero() + ", " + op(0), 1);
      case "cmn" -> withImmediate("adds", zero() + ", " + op(0), 1);
      case "add", "sub", "adds", "subs" -> withImmediate(mnemonic, op(0) + ", " + op(1), 2);
      case "tst" -> found.add("ands " + zero() + ", " + all);
      case "neg" -> found.add("sub " + op(0) + ", " + zero() + ", " + from(1));
      case "negs" -> found.add("subs " + op(0) + ", " + zero() + ", " + from(1));
      case "ngc" -> found.add("sbc " + op(0) + ", " + zero() + ", " + from(1));
      case "ngcs" -> found.add("sbcs " + op(0) + ", " + zero() + ", " + from(1));
      case "mul" -> found.add("madd " + all + ", " + zero());
      case "mneg" -> found.add("msub " + all + ", " + zero());
      case "smull" -> found.add("smaddl " + all + ", xzr");
      case "umull" -> found.add("umaddl " + all + ", xzr");
      case "smnegl" -> found.add("smsubl " + all + ", xzr");
      case "umnegl" -> found.add("umsubl " + all + ", xzr");
      case "rev64" -> found.add("rev " + all);
      default -> {
      }
    }
  }

  /** An addition as it stands, and with its immediate shifted, or negated and the operation reversed. */
  private void withImmediate(String operation, String start, int at) {
    found.add(operation + " " + start + ", " + from(at));
    Long value = operands.size() == at + 1 ? operandValues.apply(op(at)) : null;
    if (value == null)
      return;
    long magnitude = Math.abs(value);
    String signed = value >= 0 ? operation : operation.startsWith("add") ? "sub" + operation.substring(3)
        : "add" + operation.substring(3);
    if (magnitude < 4096)
      found.add(signed + " " + start + ", #" + magnitude);
    else if ((magnitude & 4095) == 0)
      found.add(signed + " " + start + ", #" + (magnitude >> 12) + ", lsl #12");
  }

  private void shiftsAndFields() {
    int width = isWide() ? 64 : 32;
    Long lsb = operandValues.apply(op(2));
    Long count = operandValues.apply(op(3));
    String start = op(0) + ", " + op(1) + ", ";
    String widened = op(0) + ", " + (op(1).isEmpty() ? "" : sameWidth(op(1))) + ", ";
    switch (mnemonic) {
      case "lsl" -> {
        found.add("lslv " + all);
        if (lsb != null && lsb >= 0 && lsb < width)
          found.add("ubfm " + start + "#" + (width - lsb & width - 1) + ", #" + (width - 1 - lsb));
      }
      case "lsr" -> shift("lsrv", "ubfm", lsb, width);
      case "asr" -> shift("asrv", "sbfm", lsb, width);
      case "ror" -> {
        found.add("rorv " + all);
        found.add("extr " + op(0) + ", " + op(1) + ", " + op(1) + ", " + op(2));
      }
      case "sxtb" -> found.add("sbfm " + widened + "#0, #7");
      case "sxth" -> found.add("sbfm " + widened + "#0, #15");
      case "sxtw" -> found.add("sbfm " + widened + "#0, #31");
      case "uxtb" -> found.add("ubfm " + start + "#0, #7");
      case "uxth" -> found.add("ubfm " + start + "#0, #15");
      case "ubfx" -> extract("ubfm", start, lsb, count, width);
      case "sbfx" -> extract("sbfm", start, lsb, count, width);
      case "bfxil" -> extract("bfm", start, lsb, count, width);
      case "ubfiz" -> insert("ubfm", start, lsb, count, width);
      case "sbfiz" -> insert("sbfm", start, lsb, count, width);
      case "bfi" -> insert("bfm", start, lsb, count, width);
      default -> {
      }
    }
  }

  private void shift(String byRegister, String byImmediate, Long amount, int width) {
    found.add(byRegister + " " + all);
    if (amount != null)
      found.add(byImmediate + " " + op(0) + ", " + op(1) + ", #" + amount + ", #" + (width - 1));
  }

  private void extract(String operation, String start, Long lsb, Long count, int width) {
    if (lsb != null && count != null && lsb >= 0 && count > 0 && lsb + count <= width)
      found.add(operation + " " + start + "#" + lsb + ", #" + (lsb + count - 1));
  }

  private void insert(String operation, String start, Long lsb, Long count, int width) {
    if (lsb != null && count != null && lsb >= 0 && count > 0 && lsb + count <= width)
      found.add(operation + " " + start + "#" + (width - lsb & width - 1) + ", #" + (count - 1));
  }

  private void conditional() {
    int condition = ConditionOperand.encoding(operands.getLast().toLowerCase(Locale.ROOT));
    // AL and NV have no opposite.
    if (condition < 0 || condition >= 14)
      return;
    String opposite = ConditionOperand.NAMES.get(condition ^ 1);
    String zeros = op(0) + ", " + zero() + ", " + zero() + ", " + opposite;
    String twice = op(0) + ", " + op(1) + ", " + op(1) + ", " + opposite;
    switch (mnemonic) {
      case "cset" -> found.add("csinc " + zeros);
      case "csetm" -> found.add("csinv " + zeros);
      case "cinc" -> found.add("csinc " + twice);
      case "cinv" -> found.add("csinv " + twice);
      case "cneg" -> found.add("csneg " + twice);
      default -> {
      }
    }
  }

  /** An offset that isn't a multiple of the size, or negative, needs the unscaled form. */
  private void loadsAndStores() {
    switch (mnemonic) {
      case "ldr", "ldrb", "ldrh", "ldrsb", "ldrsh", "ldrsw" -> found.add("ldur" + mnemonic.substring(3) + " " + all);
      case "str", "strb", "strh" -> found.add("stur" + mnemonic.substring(3) + " " + all);
      default -> {
      }
    }
  }
}
