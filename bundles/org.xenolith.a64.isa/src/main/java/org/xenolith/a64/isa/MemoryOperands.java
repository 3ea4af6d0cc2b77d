// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Offsets inside the brackets of an address, and the hints and barriers that go with memory. */
final class MemoryOperands {
  private MemoryOperands() {
  }

  /** The operand, or null if the name isn't one of an address. */
  static Operand of(String name, BitPattern pattern) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    String argument = colon < 0 ? null : name.substring(colon + 1);
    return switch (kind) {
      case "off" -> new Offset(pattern.fields().get(argument), true, true, new Scale(null, 0));
      case "uoff" -> new Offset(pattern.fields().get("imm12"), false, true, Scale.of(argument, pattern));
      case "pair" -> new Offset(pattern.fields().get("imm7"), true, true, Scale.of(argument, pattern));
      case "pairx" -> new Offset(pattern.fields().get("imm7"), true, false, Scale.of(argument, pattern));
      case "index" -> new Index(pattern, Scale.of(argument, pattern));
      case "prfop" -> new Named(pattern.fields().get("Rt"), PREFETCHES);
      case "barrier" -> new Named(pattern.fields().get("CRm"), BARRIERS);
      default -> null;
    };
  }

  private static final String[] PREFETCHES = prefetches();
  private static final String[] BARRIERS = {null, "oshld", "oshst", "osh", null, "nshld", "nshst", "nsh",
      null, "ishld", "ishst", "ish", null, "ld", "st", "sy"};

  private static String[] prefetches() {
    String[] names = new String[32];
    String[] types = {"pld", "pli", "pst"};
    for (int type = 0; type < 3; type++)
      for (int level = 0; level < 3; level++) {
        names[type << 3 | level << 1] = types[type] + "l" + (level + 1) + "keep";
        names[type << 3 | level << 1 | 1] = types[type] + "l" + (level + 1) + "strm";
      }
    return names;
  }

  /** Access size as a power of two: a constant, fields, or one field plus a constant. */
  private record Scale(Bits bits, int plus) {
    static Scale of(String text, BitPattern pattern) {
      if (Character.isDigit(text.charAt(0)))
        return new Scale(null, Integer.parseInt(text));
      int sign = text.indexOf('+');
      if (sign < 0)
        return new Scale(new Bits(pattern, text), 0);
      return new Scale(new Bits(pattern, text.substring(0, sign)), Integer.parseInt(text.substring(sign + 1)));
    }

    int of(int word) {
      return bits == null ? plus : bits.of(word) + plus;
    }
  }

  /** An offset in bytes; where {@code optional}, with its comma and not written for 0. */
  private record Offset(Field field, boolean signed, boolean optional, Scale scale) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      int value = field.of(word);
      if (signed)
        value = value << 32 - field.width() >> 32 - field.width();
      if (optional && value == 0)
        return;
      out.append(optional ? ", #" : "#").append(value << scale.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (optional && !in.accept(","))
        return word.set(field, 0);
      if (!in.expression())
        return false;
      long value = in.number();
      int shift = scale.of(word.word());
      if ((value & (1L << shift) - 1) != 0)
        return false;
      value >>= shift;
      long limit = 1L << (signed ? field.width() - 1 : field.width());
      if (value >= limit || value < (signed ? -limit : 0))
        return false;
      return word.set(field, (int) value & (1 << field.width()) - 1);
    }
  }

  /** Index register with its extension and shift. */
  private static final class Index implements Operand {
    private final Field rm;
    private final Field option;
    private final Field shifted;
    private final Scale scale;

    Index(BitPattern pattern, Scale scale) {
      rm = pattern.fields().get("Rm");
      option = pattern.fields().get("option");
      shifted = pattern.fields().get("S");
      this.scale = scale;
    }

    private static String kind(int option) {
      return switch (option) {
        case 2 -> "uxtw";
        case 3 -> "lsl";
        case 6 -> "sxtw";
        default -> "sxtx";
      };
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int extension = option.of(word);
      out.append(RegisterOperands.name(rm.of(word), (extension & 1) != 0, false));
      if (extension != 3 || shifted.of(word) != 0)
        out.append(", ").append(kind(extension));
      if (shifted.of(word) != 0)
        out.append(" #").append(scale.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int read = RegisterOperands.read(in, false);
      if (read < 0 || !word.set(rm, read & 31))
        return false;
      int extension = 3;
      boolean shift = false;
      if (in.accept(",")) {
        extension = -1;
        for (int i = 2; i < 8; i++)
          if (i != 4 && i != 5 && in.acceptWord(kind(i))) {
            extension = i;
            break;
          }
        if (extension < 0)
          return false;
        int mark = in.mark();
        if (in.accept("#")) {
          in.reset(mark);
          if (!in.expression())
            return false;
          long amount = in.number();
          int size = scale.of(word.word());
          if (amount != 0 && amount != size)
            return false;
          // For bytes "lsl #0" means the shifted form, as the disassembly writes it.
          shift = amount == size;
        }
      }
      return read >= 32 == ((extension & 1) != 0) && word.set(option, extension) && word.set(shifted, shift ? 1 : 0);
    }
  }

  /** A field whose values have names, others being written as two hexadecimal digits. */
  private record Named(Field field, String[] names) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      int value = field.of(word);
      if (names[value] != null)
        out.append(names[value]);
      else
        out.append("#0x").append(Character.forDigit(value >>> 4, 16)).append(Character.forDigit(value & 15, 16));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      for (int i = 0; i < names.length; i++)
        if (names[i] != null && in.acceptWord(names[i]))
          return word.set(field, i);
      return in.accept("#") && in.expression() && in.number() >= 0 && in.number() < names.length
          && word.set(field, (int) in.number());
    }
  }
}
