// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads of one general register that write the address back, before or after. */
final class LoadIndexedNodes {
  private LoadIndexedNodes() {}

  private abstract static class Indexed extends Node {
    final int rt;
    final int rn;
    final long imm;
    final long step;
    private final long stack;

    Indexed(int rt, int rn, long imm, long step) {
      this.rt = rt;
      this.stack = rn == Cpu.SP ? 15 : 0;
      this.rn = rn;
      this.imm = imm;
      this.step = step;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if ((base & stack) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  private static final class Byte extends Indexed {
    Byte(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Half extends Indexed {
    Half(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Word extends Indexed {
    Word(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load32(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Double extends Indexed {
    Double(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load64(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedByte32 extends Indexed {
    SignedByte32(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedByte extends Indexed {
    SignedByte(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedHalf32 extends Indexed {
    SignedHalf32(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedHalf extends Indexed {
    SignedHalf(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedWord extends Indexed {
    SignedWord(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (int) Access.load32(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    int size = Fields.size(word);
    int rt = Registers.target(Fields.rt(word));
    int rn = Fields.rn(word);
    int signed = Registers.signedKind(word);
    long imm = Fields.simm9(word);
    return switch (insn) {
      case LDR_IMM_POST -> indexed(size, rt, rn, 0, imm);
      case LDRS_IMM_POST -> indexed(signed, rt, rn, 0, imm);
      case LDR_IMM_PRE -> indexed(size, rt, rn, imm, imm);
      case LDRS_IMM_PRE -> indexed(signed, rt, rn, imm, imm);
      default -> null;
    };
  }

  private static Node indexed(int kind, int rt, int rn, long imm, long step) {
    return switch (kind) {
      case 0 -> new Byte(rt, rn, imm, step);
      case 1 -> new Half(rt, rn, imm, step);
      case 2 -> new Word(rt, rn, imm, step);
      case 3 -> new Double(rt, rn, imm, step);
      case 4 -> new SignedByte(rt, rn, imm, step);
      case 5 -> new SignedHalf(rt, rn, imm, step);
      case 6 -> new SignedWord(rt, rn, imm, step);
      case 8 -> new SignedByte32(rt, rn, imm, step);
      default -> new SignedHalf32(rt, rn, imm, step);
    };
  }
}
