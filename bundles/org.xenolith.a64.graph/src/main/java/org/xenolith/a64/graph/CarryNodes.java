// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Addition and subtraction with carry. */
final class CarryNodes {
  private CarryNodes() {}

  private static final class AddCarry64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry;
      return next;
    }
  }

  private static final class AddCarry32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SubtractCarry64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry;
      return next;
    }
  }

  private static final class SubtractCarry32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + ~x[rm] + c.carry & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class WithCarry extends Node {
    int rd;
    int rn;
    int rm;

    final Node of(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      return this;
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
    @Override
    public Node exec(Cpu c, long[] x) {
      flags64(c, x, x[rm]);
      return next;
    }
  }

  private static final class Sbcs64 extends WithCarry {
    @Override
    public Node exec(Cpu c, long[] x) {
      flags64(c, x, ~x[rm]);
      return next;
    }
  }

  private static final class Adcs32 extends WithCarry {
    @Override
    public Node exec(Cpu c, long[] x) {
      flags32(c, x, (int) x[rm]);
      return next;
    }
  }

  private static final class Sbcs32 extends WithCarry {
    @Override
    public Node exec(Cpu c, long[] x) {
      flags32(c, x, ~(int) x[rm]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    return switch (insn) {
      case ADC -> wide ? new AddCarry64().of(rd, rn, rm) : new AddCarry32().of(rd, rn, rm);
      case SBC -> wide ? new SubtractCarry64().of(rd, rn, rm) : new SubtractCarry32().of(rd, rn, rm);
      case ADCS -> wide ? new Adcs64().of(rd, rn, rm) : new Adcs32().of(rd, rn, rm);
      case SBCS -> wide ? new Sbcs64().of(rd, rn, rm) : new Sbcs32().of(rd, rn, rm);
      default -> null;
    };
  }
}
