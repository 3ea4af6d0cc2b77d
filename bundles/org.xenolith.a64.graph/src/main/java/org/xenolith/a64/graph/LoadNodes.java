// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads of one general register at an offset from its base, at one from PC, and unprivileged. */
final class LoadNodes {
  private LoadNodes() {}

  private abstract static class Offset extends Node {
    final int rt;
    final int rn;
    final long imm;
    private final long stack;

    Offset(int rt, int rn, long imm) {
      this.rt = rt;
      this.stack = rn == Cpu.SP ? 15 : 0;
      this.rn = rn;
      this.imm = imm;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if ((base & stack) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  private static final class Byte extends Offset {
    Byte(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Half extends Offset {
    Half(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Word extends Offset {
    Word(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Double extends Offset {
    Double(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedByte32 extends Offset {
    SignedByte32(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedByte extends Offset {
    SignedByte(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedHalf32 extends Offset {
    SignedHalf32(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedHalf extends Offset {
    SignedHalf(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedWord extends Offset {
    SignedWord(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private abstract static class Literal extends Node {
    final int rt;
    final long imm;

    Literal(int rt, long imm) {
      this.rt = rt;
      this.imm = imm;
    }
  }

  private static final class LiteralWord extends Literal {
    LiteralWord(int rt, long imm) {
      super(rt, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralDouble extends Literal {
    LiteralDouble(int rt, long imm) {
      super(rt, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralSignedWord extends Literal {
    LiteralSignedWord(int rt, long imm) {
      super(rt, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, c.page + imm);
      return next;
    }
  }

  private abstract static class Unprivileged extends Node {
    final int rt;
    final int rn;
    final long imm;
    final int size;
    final int extension;

    Unprivileged(int rt, int rn, long imm, int size, int extension) {
      this.rt = rt;
      this.rn = rn;
      this.imm = imm;
      this.size = size;
      this.extension = extension;
    }
  }

  private static final class User extends Unprivileged {
    User(int rt, int rn, long imm, int size, int extension) {
      super(rt, rn, imm, size, extension);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Registers.signed(Access.loadUser(c, x[rn] + imm, size), extension);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word, int off) {
    int size = Fields.size(word);
    int rt = Registers.target(Fields.rt(word));
    int rn = Fields.rn(word);
    int signed = Registers.signedKind(word);
    long simm = Fields.simm9(word);
    return switch (insn) {
      case LDR_IMM_UNSIGNED -> offset(size, rt, rn, (long) Fields.imm12(word) << size);
      case LDRS_IMM_UNSIGNED -> offset(signed, rt, rn, (long) Fields.imm12(word) << size);
      case LDUR -> offset(size, rt, rn, simm);
      case LDURS -> offset(signed, rt, rn, simm);
      case LDTR -> new User(rt, rn, simm, 1 << size, 0);
      case LDTRS -> new User(rt, rn, simm, 1 << size, signed);
      case LDR_LITERAL -> (word & 1 << 30) != 0 ? new LiteralDouble(rt, off + Fields.rel19(word))
          : new LiteralWord(rt, off + Fields.rel19(word));
      case LDRSW_LITERAL -> new LiteralSignedWord(rt, off + Fields.rel19(word));
      default -> null;
    };
  }

  private static Node offset(int kind, int rt, int rn, long imm) {
    return switch (kind) {
      case 0 -> new Byte(rt, rn, imm);
      case 1 -> new Half(rt, rn, imm);
      case 2 -> new Word(rt, rn, imm);
      case 3 -> new Double(rt, rn, imm);
      case 4 -> new SignedByte(rt, rn, imm);
      case 5 -> new SignedHalf(rt, rn, imm);
      case 6 -> new SignedWord(rt, rn, imm);
      case 8 -> new SignedByte32(rt, rn, imm);
      default -> new SignedHalf32(rt, rn, imm);
    };
  }
}
