// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Multiplication and division. */
final class MultiplyDivideNodes {
  private MultiplyDivideNodes() {}

  private static final class DivideUnsigned64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : Long.divideUnsigned(x[rn], d);
      return next;
    }
  }

  private static final class DivideUnsigned32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : Integer.divideUnsigned((int) x[rn], d) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class DivideSigned64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      long d = x[rm];
      x[rd] = d == 0 ? 0 : x[rn] / d;
      return next;
    }
  }

  private static final class DivideSigned32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      int d = (int) x[rm];
      x[rd] = d == 0 ? 0 : (int) x[rn] / d & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class Three extends Node {
    int rd;
    int rn;
    int rm;
    int ra;

    final Node of(int rd, int rn, int rm, int ra) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.ra = ra;
      return this;
    }
  }

  private static final class MultiplyAdd64 extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplyAdd32 extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class MultiplySubtract64 extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm];
      return next;
    }
  }

  private static final class MultiplySubtract32 extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - x[rn] * x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedAdd extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class SignedSubtract extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (long) (int) x[rn] * (int) x[rm];
      return next;
    }
  }

  private static final class UnsignedAdd extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] + (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class UnsignedSubtract extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[ra] - (x[rn] & 0xFFFF_FFFFL) * (x[rm] & 0xFFFF_FFFFL);
      return next;
    }
  }

  private static final class SignedHigh extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Math.multiplyHigh(x[rn], x[rm]);
      return next;
    }
  }

  private static final class UnsignedHigh extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Math.unsignedMultiplyHigh(x[rn], x[rm]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int ra = Registers.source(Fields.ra(word));
    return switch (insn) {
      case UDIV -> wide ? new DivideUnsigned64().of(rd, rn, rm) : new DivideUnsigned32().of(rd, rn, rm);
      case SDIV -> wide ? new DivideSigned64().of(rd, rn, rm) : new DivideSigned32().of(rd, rn, rm);
      case MADD -> wide ? new MultiplyAdd64().of(rd, rn, rm, ra) : new MultiplyAdd32().of(rd, rn, rm, ra);
      case MSUB -> wide ? new MultiplySubtract64().of(rd, rn, rm, ra) : new MultiplySubtract32().of(rd, rn, rm, ra);
      case SMADDL -> new SignedAdd().of(rd, rn, rm, ra);
      case SMSUBL -> new SignedSubtract().of(rd, rn, rm, ra);
      case UMADDL -> new UnsignedAdd().of(rd, rn, rm, ra);
      case UMSUBL -> new UnsignedSubtract().of(rd, rn, rm, ra);
      case SMULH -> new SignedHigh().of(rd, rn, rm, ra);
      case UMULH -> new UnsignedHigh().of(rd, rn, rm, ra);
      default -> null;
    };
  }
}
