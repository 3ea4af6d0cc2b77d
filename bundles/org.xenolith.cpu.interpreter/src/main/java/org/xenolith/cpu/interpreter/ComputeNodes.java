package org.xenolith.cpu.interpreter;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Cpu;

/** Multiplication, division, variable shifts, bit counting and reversal. */
final class ComputeNodes {
  private ComputeNodes() { }

  private abstract static class Two extends Node {
    final int rd;
    final int rn;
    final int rm;

    Two(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
    }
  }

  private static final class DivideUnsigned64 extends Two {
    DivideUnsigned64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : Long.divideUnsigned(x[rn], d);
      return next;
    }
  }

  private static final class DivideUnsigned32 extends Two {
    DivideUnsigned32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : Integer.divideUnsigned((int) x[rn], d) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class DivideSigned64 extends Two {
    DivideSigned64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : x[rn] / d;
      return next;
    }
  }

  private static final class DivideSigned32 extends Two {
    DivideSigned32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : (int) x[rn] / d & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftLeft64 extends Two {
    ShiftLeft64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << x[rm];
      return next;
    }
  }

  private static final class ShiftLeft32 extends Two {
    ShiftLeft32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] << (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftRight64 extends Two {
    ShiftRight64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >>> x[rm];
      return next;
    }
  }

  private static final class ShiftRight32 extends Two {
    ShiftRight32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >>> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftArithmetic64 extends Two {
    ShiftArithmetic64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >> x[rm];
      return next;
    }
  }

  private static final class ShiftArithmetic32 extends Two {
    ShiftArithmetic32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Rotate64 extends Two {
    Rotate64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(x[rn], (int) x[rm]);
      return next;
    }
  }

  private static final class Rotate32 extends Two {
    Rotate32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Integer.rotateRight((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AddCarry64 extends Two {
    AddCarry64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry;
      return next;
    }
  }

  private static final class AddCarry32 extends Two {
    AddCarry32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubtractCarry64 extends Two {
    SubtractCarry64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry;
      return next;
    }
  }

  private static final class SubtractCarry32 extends Two {
    SubtractCarry32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class One extends Node {
    final int rd;
    final int rn;

    One(int rd, int rn) {
      this.rd = rd;
      this.rn = rn;
    }
  }

  private static final class ReverseBits64 extends One {
    ReverseBits64(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverse(x[rn]);
      return next;
    }
  }

  private static final class ReverseBits32 extends One {
    ReverseBits32(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverse((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse1664 extends One {
    Reverse1664(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = v >>> 8 & 0x00FF_00FF_00FF_00FFL | (v & 0x00FF_00FF_00FF_00FFL) << 8;
      return next;
    }
  }

  private static final class Reverse1632 extends One {
    Reverse1632(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = (v >>> 8 & 0x00FF_00FFL | (v & 0x00FF_00FFL) << 8) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse32Each extends One {
    Reverse32Each(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(Long.reverseBytes(x[rn]), 32);
      return next;
    }
  }

  private static final class ReverseBytes64 extends One {
    ReverseBytes64(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverseBytes(x[rn]);
      return next;
    }
  }

  private static final class ReverseBytes32 extends One {
    ReverseBytes32(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverseBytes((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class LeadingZeros64 extends One {
    LeadingZeros64(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Long.numberOfLeadingZeros(x[rn]);
      return next;
    }
  }

  private static final class LeadingZeros32 extends One {
    LeadingZeros32(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Integer.numberOfLeadingZeros((int) x[rn]);
      return next;
    }
  }

  private static final class LeadingSigns64 extends One {
    LeadingSigns64(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = Long.numberOfLeadingZeros(v ^ v >> 63) - 1;
      return next;
    }
  }

  private static final class LeadingSigns32 extends One {
    LeadingSigns32(int rd, int rn) {
      super(rd, rn);
    }

    @Override Node exec(Cpu c, long[] x) {
      int v = (int) x[rn];
      x[rd] = Integer.numberOfLeadingZeros(v ^ v >> 31) - 1;
      return next;
    }
  }

  private abstract static class Three extends Node {
    final int rd;
    final int rn;
    final int rm;
    final int ra;

    Three(int rd, int rn, int rm, int ra) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.ra = ra;
    }
  }

  private static final class MultiplyAdd64 extends Three {
    MultiplyAdd64(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplyAdd32 extends Three {
    MultiplyAdd32(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class MultiplySubtract64 extends Three {
    MultiplySubtract64(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplySubtract32 extends Three {
    MultiplySubtract32(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedAdd extends Three {
    SignedAdd(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class SignedSubtract extends Three {
    SignedSubtract(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class UnsignedAdd extends Three {
    UnsignedAdd(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class UnsignedSubtract extends Three {
    UnsignedSubtract(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class SignedHigh extends Three {
    SignedHigh(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Math.multiplyHigh(x[rn], x[rm]);
      return next;
    }
  }

  private static final class UnsignedHigh extends Three {
    UnsignedHigh(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rd] = Math.unsignedMultiplyHigh(x[rn], x[rm]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int ra = Registers.source(Fields.ra(word));
    return switch (insn) {
      case UDIV -> wide ? new DivideUnsigned64(rd, rn, rm) : new DivideUnsigned32(rd, rn, rm);
      case SDIV -> wide ? new DivideSigned64(rd, rn, rm) : new DivideSigned32(rd, rn, rm);
      case LSLV -> wide ? new ShiftLeft64(rd, rn, rm) : new ShiftLeft32(rd, rn, rm);
      case LSRV -> wide ? new ShiftRight64(rd, rn, rm) : new ShiftRight32(rd, rn, rm);
      case ASRV -> wide ? new ShiftArithmetic64(rd, rn, rm) : new ShiftArithmetic32(rd, rn, rm);
      case RORV -> wide ? new Rotate64(rd, rn, rm) : new Rotate32(rd, rn, rm);
      case ADC -> wide ? new AddCarry64(rd, rn, rm) : new AddCarry32(rd, rn, rm);
      case SBC -> wide ? new SubtractCarry64(rd, rn, rm) : new SubtractCarry32(rd, rn, rm);
      case RBIT -> wide ? new ReverseBits64(rd, rn) : new ReverseBits32(rd, rn);
      case REV16 -> wide ? new Reverse1664(rd, rn) : new Reverse1632(rd, rn);
      case REV32 -> wide ? new Reverse32Each(rd, rn) : new ReverseBytes32(rd, rn);
      case REV64 -> new ReverseBytes64(rd, rn);
      case CLZ -> wide ? new LeadingZeros64(rd, rn) : new LeadingZeros32(rd, rn);
      case CLS -> wide ? new LeadingSigns64(rd, rn) : new LeadingSigns32(rd, rn);
      case MADD -> wide ? new MultiplyAdd64(rd, rn, rm, ra) : new MultiplyAdd32(rd, rn, rm, ra);
      case MSUB -> wide ? new MultiplySubtract64(rd, rn, rm, ra) : new MultiplySubtract32(rd, rn, rm, ra);
      case SMADDL -> new SignedAdd(rd, rn, rm, ra);
      case SMSUBL -> new SignedSubtract(rd, rn, rm, ra);
      case UMADDL -> new UnsignedAdd(rd, rn, rm, ra);
      case UMSUBL -> new UnsignedSubtract(rd, rn, rm, ra);
      case SMULH -> new SignedHigh(rd, rn, rm, ra);
      case UMULH -> new UnsignedHigh(rd, rn, rm, ra);
      default -> null;
    };
  }
}
