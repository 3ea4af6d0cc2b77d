// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Multiplication and division. */
final class MultiplyDivideNodes {
  private MultiplyDivideNodes() {}

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

    @Override
    public Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : Long.divideUnsigned(x[rn], d);
      return next;
    }
  }

  private static final class DivideUnsigned32 extends Two {
    DivideUnsigned32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : Integer.divideUnsigned((int) x[rn], d) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class DivideSigned64 extends Two {
    DivideSigned64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : x[rn] / d;
      return next;
    }
  }

  private static final class DivideSigned32 extends Two {
    DivideSigned32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : (int) x[rn] / d & 0xFFFF_FFFFL;
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

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplyAdd32 extends Three {
    MultiplyAdd32(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class MultiplySubtract64 extends Three {
    MultiplySubtract64(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplySubtract32 extends Three {
    MultiplySubtract32(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedAdd extends Three {
    SignedAdd(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class SignedSubtract extends Three {
    SignedSubtract(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class UnsignedAdd extends Three {
    UnsignedAdd(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class UnsignedSubtract extends Three {
    UnsignedSubtract(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class SignedHigh extends Three {
    SignedHigh(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Math.multiplyHigh(x[rn], x[rm]);
      return next;
    }
  }

  private static final class UnsignedHigh extends Three {
    UnsignedHigh(int rd, int rn, int rm, int ra) {
      super(rd, rn, rm, ra);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
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
