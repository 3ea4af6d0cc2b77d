// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads of one general register that write the address back, before or after. */
final class LoadIndexedNodes {
  private LoadIndexedNodes() {}

  private static final class Byte extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Half extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Word extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load32(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class Double extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load64(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedByte32 extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedByte extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedHalf32 extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedHalf extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class SignedWord extends IndexedAccess {
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
  static @Nullable Node create(Insn insn, int word) {
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
      case 0 -> new Byte().of(rt, rn, imm, step);
      case 1 -> new Half().of(rt, rn, imm, step);
      case 2 -> new Word().of(rt, rn, imm, step);
      case 3 -> new Double().of(rt, rn, imm, step);
      case 4 -> new SignedByte().of(rt, rn, imm, step);
      case 5 -> new SignedHalf().of(rt, rn, imm, step);
      case 6 -> new SignedWord().of(rt, rn, imm, step);
      case 8 -> new SignedByte32().of(rt, rn, imm, step);
      default -> new SignedHalf32().of(rt, rn, imm, step);
    };
  }
}
