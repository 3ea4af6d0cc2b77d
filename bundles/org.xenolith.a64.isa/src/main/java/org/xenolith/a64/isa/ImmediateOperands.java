// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.Locale;

/** Numbers: {@code <x:imm>} in hexadecimal, {@code <d:imm>} in decimal, {@code <s:imm>} signed, and those with a rule of their own. */
final class ImmediateOperands {
  private ImmediateOperands() {
  }

  /** The operand, or null if the name isn't one of a number. */
  static Operand of(String name, BitPattern pattern) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    String argument = colon < 0 ? null : name.substring(colon + 1);
    return switch (kind) {
      case "x" -> new Plain(new Bits(pattern, argument), 16, false);
      case "d" -> new Plain(new Bits(pattern, argument), 10, false);
      case "s" -> new Plain(new Bits(pattern, argument), 10, true);
      case "xopt" -> new Optional(new Bits(pattern, argument), 0);
      case "clrex" -> new Optional(new Bits(pattern, "CRm"), 15);
      case "isb" -> new Optional(new Bits(pattern, "CRm"), 15);
      case "lsl12" -> new LeftShift(pattern.fields().get("sh"), 12);
      case "lsl16" -> new LeftShift(pattern.fields().get("hw"), 16);
      case "lslv" -> new LeftShift(pattern.fields().get("sh"), 8);
      case "N" -> new WidthAgain(pattern.fields().get("N"));
      case "bitmask" -> new Bitmask(new Bits(pattern, "N.immr.imms"));
      case "imm64" -> new ByteMask(new Bits(pattern, "abc.defgh"));
      case "fimm" -> new FloatImmediate(new Bits(pattern, "imm8"));
      case "fimmv" -> new FloatImmediate(new Bits(pattern, "abc.defgh"));
      case "fbits" -> new FractionBits(pattern.fields().get("scale"));
      case "shr" -> new ElementShift(pattern, true);
      case "shl" -> new ElementShift(pattern, false);
      case "adr" -> new PcRelative(new Bits(pattern, "immhi.immlo"), 0, false);
      case "adrp" -> new PcRelative(new Bits(pattern, "immhi.immlo"), 12, true);
      case "rel26" -> new PcRelative(new Bits(pattern, "imm26"), 2, false);
      case "rel19" -> new PcRelative(new Bits(pattern, "imm19"), 2, false);
      case "rel14" -> new PcRelative(new Bits(pattern, "imm14"), 2, false);
      default -> null;
    };
  }

  private record Plain(Bits bits, int radix, boolean signed) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      int value = bits.of(word);
      if (radix == 16)
        out.append("#0x").append(Integer.toHexString(value));
      else
        out.append('#').append(signed ? value << 32 - bits.width() >> 32 - bits.width() : value);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.expression())
        return false;
      long value = in.number();
      if (signed) {
        long half = 1L << bits.width() - 1;
        if (value < -half || value >= half)
          return false;
        value &= 2 * half - 1;
      }
      return bits.set(word, value);
    }
  }

  /** The bit N of bitfield forms, which repeats sf and isn't written. */
  private record WidthAgain(Field field) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      // Nothing: the registers show it.
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return word.set(field, Fields.sf(word.word()) ? 1 : 0);
    }
  }

  /** A hexadecimal number that isn't written when it is the usual one. */
  private record Optional(Bits bits, int usual) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      if (bits.of(word) != usual)
        out.append("#0x").append(Integer.toHexString(bits.of(word)));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (in.atEnd() || in.acceptWord("sy"))
        return bits.set(word, usual);
      return in.expression() && bits.set(word, in.number());
    }
  }

  /** {@code , lsl #n} with n a multiple of {@code step}, not written for 0. */
  private record LeftShift(Field field, int step) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      if (field.of(word) != 0)
        out.append(", lsl #").append(field.of(word) * step);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.accept(","))
        return word.set(field, 0);
      return in.acceptWord("lsl") && in.expression() && in.number() >= 0 && in.number() < 64
          && in.number() % step == 0 && word.set(field, (int) in.number() / step);
    }
  }

  private record Bitmask(Bits bits) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append("#0x").append(Long.toHexString(Fields.logicalImmediate(word)));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.expression())
        return false;
      boolean is64 = Fields.sf(word.word());
      long value = in.number();
      if (!is64 && value >> 32 == -1)
        value &= 0xFFFF_FFFFL;
      return bits.set(word, LogicalImmediate.encode(value, is64));
    }
  }

  private record ByteMask(Bits bits) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append("#0x").append(Long.toHexString(SimdImmediate.byteMask(bits.of(word))));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.expression())
        return false;
      int imm8 = 0;
      for (int i = 0; i < 8; i++)
        imm8 |= (int) (in.number() >>> 8 * i & 1) << i;
      return SimdImmediate.byteMask(imm8) == in.number() && bits.set(word, imm8);
    }
  }

  private record FloatImmediate(Bits bits) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      double value = Double.longBitsToDouble(SimdImmediate.doubleBits(bits.of(word)));
      out.append('#').append(String.format(Locale.ROOT, "%.18e", value));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      double value = in.decimal();
      return bits.set(word, SimdImmediate.encode(value));
    }
  }

  private record FractionBits(Field scale) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append('#').append(64 - scale.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return in.expression() && in.number() >= 1 && in.number() <= 64 && word.set(scale, (int) (64 - in.number()));
    }
  }

  /** Shift amount in immh:immb, counted down from twice the element's size to the right, up from it to the left. */
  private static final class ElementShift implements Operand {
    private final Field immh;
    private final Bits amount;
    private final boolean right;

    ElementShift(BitPattern pattern, boolean right) {
      immh = pattern.fields().get("immh");
      amount = new Bits(pattern, "immh.immb");
      this.right = right;
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      int esize = 8 * Integer.highestOneBit(immh.of(word));
      out.append('#').append(right ? 2 * esize - amount.of(word) : amount.of(word) - esize);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.expression() || word.lane() < 0)
        return false;
      int esize = 8 << word.lane();
      long number = in.number();
      if (right ? number < 1 || number > esize : number < 0 || number >= esize)
        return false;
      return amount.set(word, right ? 2 * esize - number : esize + number);
    }
  }

  /** A target address: offset from the program counter, or from its 4 KiB page. */
  private record PcRelative(Bits bits, int scale, boolean page) implements Operand {
    private long base(long pc) {
      return page ? pc & -4096 : pc;
    }

    @Override
    public void print(int word, long pc, StringBuilder out) {
      long offset = (long) (bits.of(word) << 32 - bits.width() >> 32 - bits.width()) << scale;
      out.append("0x").append(Long.toHexString(base(pc) + offset));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      if (!in.expression())
        return false;
      long target = page ? in.number() & -4096 : in.number();
      long offset = target - base(in.pc());
      long half = 1L << bits.width() - 1 + scale;
      if ((offset & (1L << scale) - 1) != 0 || offset < -half || offset >= half)
        return in.lenient() && bits.set(word, 0);
      return bits.set(word, offset >> scale & (1L << bits.width()) - 1);
    }
  }
}
