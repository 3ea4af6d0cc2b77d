// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Conditional select and compare. */
final class ConditionalNodes {
  private ConditionalNodes() {}

  private abstract static class Select extends Node {
    int rd;
    int rn;
    int rm;
    int cond;

    final Node of(int rd, int rn, int rm, int cond) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.cond = cond;
      return this;
    }
  }

  private static final class Csel64 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Condition.holds(c, cond) ? x[rn] : x[rm];
      return next;
    }
  }

  private static final class Csel32 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (Condition.holds(c, cond) ? x[rn] : x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Csinc64 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Condition.holds(c, cond) ? x[rn] : x[rm] + 1;
      return next;
    }
  }

  private static final class Csinc32 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (Condition.holds(c, cond) ? x[rn] : x[rm] + 1) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Csinv64 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Condition.holds(c, cond) ? x[rn] : ~x[rm];
      return next;
    }
  }

  private static final class Csinv32 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (Condition.holds(c, cond) ? x[rn] : ~x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Csneg64 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Condition.holds(c, cond) ? x[rn] : -x[rm];
      return next;
    }
  }

  private static final class Csneg32 extends Select {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (Condition.holds(c, cond) ? x[rn] : -x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class Compare extends Node {
    int rn;
    int rm;
    int cond;
    int nzcv;
    long imm;

    final Node of(int rn, int rm, int cond, int nzcv, long imm) {
      this.rn = rn;
      this.rm = rm;
      this.cond = cond;
      this.nzcv = nzcv;
      this.imm = imm;
      return this;
    }
  }

  private static final class Ccmn64 extends Compare {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (!Condition.holds(c, cond)) {
        c.nzcv(nzcv);
        return next;
      }
      long a = x[rn];
      long b = x[rm] + imm;
      long r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      return next;
    }
  }

  private static final class Ccmn32 extends Compare {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (!Condition.holds(c, cond)) {
        c.nzcv(nzcv);
        return next;
      }
      int a = (int) x[rn];
      int b = (int) (x[rm] + imm);
      int r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      return next;
    }
  }

  private static final class Ccmp64 extends Compare {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (!Condition.holds(c, cond)) {
        c.nzcv(nzcv);
        return next;
      }
      long a = x[rn];
      long b = x[rm] + imm;
      long r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      return next;
    }
  }

  private static final class Ccmp32 extends Compare {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (!Condition.holds(c, cond)) {
        c.nzcv(nzcv);
        return next;
      }
      int a = (int) x[rn];
      int b = (int) (x[rm] + imm);
      int r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int cond = Fields.cond(word);
    int nzcv = Fields.nzcv(word) << 28;
    int imm = Fields.rm(word);
    return switch (insn) {
      case CSEL -> wide ? new Csel64().of(rd, rn, rm, cond) : new Csel32().of(rd, rn, rm, cond);
      case CSINC -> wide ? new Csinc64().of(rd, rn, rm, cond) : new Csinc32().of(rd, rn, rm, cond);
      case CSINV -> wide ? new Csinv64().of(rd, rn, rm, cond) : new Csinv32().of(rd, rn, rm, cond);
      case CSNEG -> wide ? new Csneg64().of(rd, rn, rm, cond) : new Csneg32().of(rd, rn, rm, cond);
      case CCMN_REG -> wide ? new Ccmn64().of(rn, rm, cond, nzcv, 0) : new Ccmn32().of(rn, rm, cond, nzcv, 0);
      case CCMP_REG -> wide ? new Ccmp64().of(rn, rm, cond, nzcv, 0) : new Ccmp32().of(rn, rm, cond, nzcv, 0);
      case CCMN_IMM -> wide ? new Ccmn64().of(rn, Cpu.ZERO, cond, nzcv, imm) : new Ccmn32().of(rn, Cpu.ZERO, cond, nzcv, imm);
      case CCMP_IMM -> wide ? new Ccmp64().of(rn, Cpu.ZERO, cond, nzcv, imm) : new Ccmp32().of(rn, Cpu.ZERO, cond, nzcv, imm);
      default -> null;
    };
  }
}
