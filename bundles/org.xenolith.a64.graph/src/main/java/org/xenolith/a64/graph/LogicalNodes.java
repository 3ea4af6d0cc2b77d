// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Logic on registers, shifted. */
final class LogicalNodes {
  private LogicalNodes() {}

  private static final class MoveRegister64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rm];
      return next;
    }
  }

  private static final class MoveRegister32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class And64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & x[rm];
      return next;
    }
  }

  private static final class And32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AndShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & operand64(x);
      return next;
    }
  }

  private static final class AndShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Orr64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | x[rm];
      return next;
    }
  }

  private static final class Orr32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class OrrShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | operand64(x);
      return next;
    }
  }

  private static final class OrrShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eor64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ x[rm];
      return next;
    }
  }

  private static final class Eor32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class EorShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ operand64(x);
      return next;
    }
  }

  private static final class EorShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Bic64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & ~x[rm];
      return next;
    }
  }

  private static final class Bic32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class BicShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & ~operand64(x);
      return next;
    }
  }

  private static final class BicShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Orn64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | ~x[rm];
      return next;
    }
  }

  private static final class Orn32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class OrnShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | ~operand64(x);
      return next;
    }
  }

  private static final class OrnShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eon64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ ~x[rm];
      return next;
    }
  }

  private static final class Eon32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class EonShifted64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ ~operand64(x);
      return next;
    }
  }

  private static final class EonShifted32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Ands64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      long r = x[rn] & operand64(x);
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
      x[rd] = r;
      return next;
    }
  }

  private static final class Ands32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      int r = (int) x[rn] & operand32(x);
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Bics64 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      long r = x[rn] & ~operand64(x);
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
      x[rd] = r;
      return next;
    }
  }

  private static final class Bics32 extends ShiftedRegister {
    @Override
    public Node exec(Cpu c, long[] x) {
      int r = (int) x[rn] & ~operand32(x);
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
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
    if (insn == Insn.ORR_SHIFTED && plain && rn == Cpu.ZERO) {
      return wide ? new MoveRegister64().of(rd, rn, rm) : new MoveRegister32().of(rd, rn, rm);
    }
    return switch (insn) {
      case AND_SHIFTED -> plain ? wide ? new And64().of(rd, rn, rm) : new And32().of(rd, rn, rm)
          : wide ? new AndShifted64().of(rd, rn, rm, kind, amount) : new AndShifted32().of(rd, rn, rm, kind, amount);
      case ORR_SHIFTED -> plain ? wide ? new Orr64().of(rd, rn, rm) : new Orr32().of(rd, rn, rm)
          : wide ? new OrrShifted64().of(rd, rn, rm, kind, amount) : new OrrShifted32().of(rd, rn, rm, kind, amount);
      case EOR_SHIFTED -> plain ? wide ? new Eor64().of(rd, rn, rm) : new Eor32().of(rd, rn, rm)
          : wide ? new EorShifted64().of(rd, rn, rm, kind, amount) : new EorShifted32().of(rd, rn, rm, kind, amount);
      case BIC_SHIFTED -> plain ? wide ? new Bic64().of(rd, rn, rm) : new Bic32().of(rd, rn, rm)
          : wide ? new BicShifted64().of(rd, rn, rm, kind, amount) : new BicShifted32().of(rd, rn, rm, kind, amount);
      case ORN_SHIFTED -> plain ? wide ? new Orn64().of(rd, rn, rm) : new Orn32().of(rd, rn, rm)
          : wide ? new OrnShifted64().of(rd, rn, rm, kind, amount) : new OrnShifted32().of(rd, rn, rm, kind, amount);
      case EON_SHIFTED -> plain ? wide ? new Eon64().of(rd, rn, rm) : new Eon32().of(rd, rn, rm)
          : wide ? new EonShifted64().of(rd, rn, rm, kind, amount) : new EonShifted32().of(rd, rn, rm, kind, amount);
      case ANDS_SHIFTED -> wide ? new Ands64().of(rd, rn, rm, kind, amount) : new Ands32().of(rd, rn, rm, kind, amount);
      case BICS_SHIFTED -> wide ? new Bics64().of(rd, rn, rm, kind, amount) : new Bics32().of(rd, rn, rm, kind, amount);
      default -> null;
    };
  }
}
