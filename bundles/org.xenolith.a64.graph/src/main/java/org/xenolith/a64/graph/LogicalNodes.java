// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Logic on registers, shifted. */
final class LogicalNodes {
  private LogicalNodes() {}

  private abstract static class Plain extends Node {
    final int rd;
    final int rn;
    final int rm;

    Plain(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
    }
  }

  private abstract static class Shifted extends Node {
    final int rd;
    final int rn;
    final int rm;
    final int kind;
    final int amount;

    Shifted(int rd, int rn, int rm, int kind, int amount) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.kind = kind;
      this.amount = amount;
    }

    final long operand64(long[] x) {
      long v = x[rm];
      return switch (kind) {
        case 0 -> v << amount;
        case 1 -> v >>> amount;
        case 2 -> v >> amount;
        default -> Long.rotateRight(v, amount);
      };
    }

    final int operand32(long[] x) {
      int v = (int) x[rm];
      return switch (kind) {
        case 0 -> v << amount;
        case 1 -> v >>> amount;
        case 2 -> v >> amount;
        default -> Integer.rotateRight(v, amount);
      };
    }
  }

  private static final class MoveRegister64 extends Plain {
    MoveRegister64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rm];
      return next;
    }
  }

  private static final class MoveRegister32 extends Plain {
    MoveRegister32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class And64 extends Plain {
    And64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & x[rm];
      return next;
    }
  }

  private static final class And32 extends Plain {
    And32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class AndShifted64 extends Shifted {
    AndShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & operand64(x);
      return next;
    }
  }

  private static final class AndShifted32 extends Shifted {
    AndShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Orr64 extends Plain {
    Orr64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | x[rm];
      return next;
    }
  }

  private static final class Orr32 extends Plain {
    Orr32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class OrrShifted64 extends Shifted {
    OrrShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | operand64(x);
      return next;
    }
  }

  private static final class OrrShifted32 extends Shifted {
    OrrShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eor64 extends Plain {
    Eor64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ x[rm];
      return next;
    }
  }

  private static final class Eor32 extends Plain {
    Eor32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class EorShifted64 extends Shifted {
    EorShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ operand64(x);
      return next;
    }
  }

  private static final class EorShifted32 extends Shifted {
    EorShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Bic64 extends Plain {
    Bic64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & ~x[rm];
      return next;
    }
  }

  private static final class Bic32 extends Plain {
    Bic32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class BicShifted64 extends Shifted {
    BicShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & ~operand64(x);
      return next;
    }
  }

  private static final class BicShifted32 extends Shifted {
    BicShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Orn64 extends Plain {
    Orn64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | ~x[rm];
      return next;
    }
  }

  private static final class Orn32 extends Plain {
    Orn32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class OrnShifted64 extends Shifted {
    OrnShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | ~operand64(x);
      return next;
    }
  }

  private static final class OrnShifted32 extends Shifted {
    OrnShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eon64 extends Plain {
    Eon64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ ~x[rm];
      return next;
    }
  }

  private static final class Eon32 extends Plain {
    Eon32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class EonShifted64 extends Shifted {
    EonShifted64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ ~operand64(x);
      return next;
    }
  }

  private static final class EonShifted32 extends Shifted {
    EonShifted32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ ~operand32(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Ands64 extends Shifted {
    Ands64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

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

  private static final class Ands32 extends Shifted {
    Ands32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

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

  private static final class Bics64 extends Shifted {
    Bics64(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

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

  private static final class Bics32 extends Shifted {
    Bics32(int rd, int rn, int rm, int kind, int amount) {
      super(rd, rn, rm, kind, amount);
    }

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
  static Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int kind = Fields.shift(word);
    int amount = Fields.imms(word);
    boolean plain = amount == 0;
    if (insn == Insn.ORR_SHIFTED && plain && rn == Cpu.ZERO) {
      return wide ? new MoveRegister64(rd, rn, rm) : new MoveRegister32(rd, rn, rm);
    }
    return switch (insn) {
      case AND_SHIFTED -> plain ? wide ? new And64(rd, rn, rm) : new And32(rd, rn, rm)
          : wide ? new AndShifted64(rd, rn, rm, kind, amount) : new AndShifted32(rd, rn, rm, kind, amount);
      case ORR_SHIFTED -> plain ? wide ? new Orr64(rd, rn, rm) : new Orr32(rd, rn, rm)
          : wide ? new OrrShifted64(rd, rn, rm, kind, amount) : new OrrShifted32(rd, rn, rm, kind, amount);
      case EOR_SHIFTED -> plain ? wide ? new Eor64(rd, rn, rm) : new Eor32(rd, rn, rm)
          : wide ? new EorShifted64(rd, rn, rm, kind, amount) : new EorShifted32(rd, rn, rm, kind, amount);
      case BIC_SHIFTED -> plain ? wide ? new Bic64(rd, rn, rm) : new Bic32(rd, rn, rm)
          : wide ? new BicShifted64(rd, rn, rm, kind, amount) : new BicShifted32(rd, rn, rm, kind, amount);
      case ORN_SHIFTED -> plain ? wide ? new Orn64(rd, rn, rm) : new Orn32(rd, rn, rm)
          : wide ? new OrnShifted64(rd, rn, rm, kind, amount) : new OrnShifted32(rd, rn, rm, kind, amount);
      case EON_SHIFTED -> plain ? wide ? new Eon64(rd, rn, rm) : new Eon32(rd, rn, rm)
          : wide ? new EonShifted64(rd, rn, rm, kind, amount) : new EonShifted32(rd, rn, rm, kind, amount);
      case ANDS_SHIFTED -> wide ? new Ands64(rd, rn, rm, kind, amount) : new Ands32(rd, rn, rm, kind, amount);
      case BICS_SHIFTED -> wide ? new Bics64(rd, rn, rm, kind, amount) : new Bics32(rd, rn, rm, kind, amount);
      default -> null;
    };
  }
}
