// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Addition and subtraction with carry. */
final class CarryNodes {
  private CarryNodes() {}

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

  private static final class AddCarry64 extends Two {
    AddCarry64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry;
      return next;
    }
  }

  private static final class AddCarry32 extends Two {
    AddCarry32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubtractCarry64 extends Two {
    SubtractCarry64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry;
      return next;
    }
  }

  private static final class SubtractCarry32 extends Two {
    SubtractCarry32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class WithCarry extends Node {
    final int rd;
    final int rn;
    final int rm;

    WithCarry(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
    }

    final void flags64(Cpu c, long[] x, long b) {
      long a = x[rn];
      long r = a + b + c.carry;
      c.carry = (int) ((a & b | (a | b) & ~r) >>> 63);
      c.negative = r;
      c.zero = r;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r;
    }

    final void flags32(Cpu c, long[] x, int b) {
      int a = (int) x[rn];
      int r = a + b + c.carry;
      c.carry = (a & b | (a | b) & ~r) >>> 31;
      c.negative = r;
      c.zero = r;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
    }
  }

  private static final class Adcs64 extends WithCarry {
    Adcs64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      flags64(c, x, x[rm]);
      return next;
    }
  }

  private static final class Sbcs64 extends WithCarry {
    Sbcs64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      flags64(c, x, ~x[rm]);
      return next;
    }
  }

  private static final class Adcs32 extends WithCarry {
    Adcs32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      flags32(c, x, (int) x[rm]);
      return next;
    }
  }

  private static final class Sbcs32 extends WithCarry {
    Sbcs32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      flags32(c, x, ~(int) x[rm]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    return switch (insn) {
      case ADC -> wide ? new AddCarry64(rd, rn, rm) : new AddCarry32(rd, rn, rm);
      case SBC -> wide ? new SubtractCarry64(rd, rn, rm) : new SubtractCarry32(rd, rn, rm);
      case ADCS -> wide ? new Adcs64(rd, rn, rm) : new Adcs32(rd, rn, rm);
      case SBCS -> wide ? new Sbcs64(rd, rn, rm) : new Sbcs32(rd, rn, rm);
      default -> null;
    };
  }
}
