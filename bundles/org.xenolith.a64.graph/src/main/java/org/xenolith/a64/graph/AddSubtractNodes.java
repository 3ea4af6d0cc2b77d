// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Addition and subtraction of registers, shifted or extended. */
final class AddSubtractNodes {
  private AddSubtractNodes() {}

  private abstract static class Extended extends Node {
    int rd;
    int rn;
    int rm;
    int kind;
    int amount;

    final Node of(int rd, int rn, int rm, int kind, int amount) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.kind = kind;
      this.amount = amount;
      return this;
    }

    final long operand(long[] x) {
      return Registers.extend(x[rm], kind) << amount;
    }
  }

  private static final class Add64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm];
      return next;
    }
  }

  private static final class Add32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AddShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + operand64(x);
      return next;
    }
  }

  private static final class AddShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] + operand32(x) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AddExtended64 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + operand(x);
      return next;
    }
  }

  private static final class AddExtended32 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + operand(x) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Sub64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] - x[rm];
      return next;
    }
  }

  private static final class Sub32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] - x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] - operand64(x);
      return next;
    }
  }

  private static final class SubShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] - operand32(x) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubExtended64 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] - operand(x);
      return next;
    }
  }

  private static final class SubExtended32 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] - operand(x) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Adds64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = x[rm];
      long r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class Adds32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) x[rm];
      int r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AddsShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = operand64(x);
      long r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class AddsShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = operand32(x);
      int r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AddsExtended64 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = operand(x);
      long r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class AddsExtended32 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) operand(x);
      int r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Subs64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = x[rm];
      long r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class Subs32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) x[rm];
      int r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubsShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = operand64(x);
      long r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class SubsShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = operand32(x);
      int r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubsExtended64 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long b = operand(x);
      long r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class SubsExtended32 extends Extended {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) operand(x);
      int r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int kind = Fields.shift(word);
    int amount = Fields.imms(word);
    boolean plain = amount == 0;
    return switch (insn) {
      case ADD_SHIFTED -> plain ? wide ? new Add64().of(rd, rn, rm) : new Add32().of(rd, rn, rm)
          : wide ? new AddShifted64().of(rd, rn, rm, kind, amount) : new AddShifted32().of(rd, rn, rm, kind, amount);
      case SUB_SHIFTED -> plain ? wide ? new Sub64().of(rd, rn, rm) : new Sub32().of(rd, rn, rm)
          : wide ? new SubShifted64().of(rd, rn, rm, kind, amount) : new SubShifted32().of(rd, rn, rm, kind, amount);
      case ADDS_SHIFTED -> plain ? wide ? new Adds64().of(rd, rn, rm) : new Adds32().of(rd, rn, rm)
          : wide ? new AddsShifted64().of(rd, rn, rm, kind, amount) : new AddsShifted32().of(rd, rn, rm, kind, amount);
      case SUBS_SHIFTED -> plain ? wide ? new Subs64().of(rd, rn, rm) : new Subs32().of(rd, rn, rm)
          : wide ? new SubsShifted64().of(rd, rn, rm, kind, amount) : new SubsShifted32().of(rd, rn, rm, kind, amount);
      case ADD_EXTENDED, ADDS_EXTENDED, SUB_EXTENDED, SUBS_EXTENDED -> extended(insn, word, wide, rd, rm);
      default -> null;
    };
  }

  private static Node extended(Insn insn, int word, boolean wide, int rd, int rm) {
    int rdSp = Fields.rd(word);
    int rn = Fields.rn(word);
    int option = Fields.option(word);
    int shift = Fields.imm3(word);
    return switch (insn) {
      case ADD_EXTENDED -> wide ? new AddExtended64().of(rdSp, rn, rm, option, shift)
          : new AddExtended32().of(rdSp, rn, rm, option, shift);
      case SUB_EXTENDED -> wide ? new SubExtended64().of(rdSp, rn, rm, option, shift)
          : new SubExtended32().of(rdSp, rn, rm, option, shift);
      case ADDS_EXTENDED -> wide ? new AddsExtended64().of(rd, rn, rm, option, shift)
          : new AddsExtended32().of(rd, rn, rm, option, shift);
      default -> wide ? new SubsExtended64().of(rd, rn, rm, option, shift) : new SubsExtended32().of(rd, rn, rm, option, shift);
    };
  }
}
