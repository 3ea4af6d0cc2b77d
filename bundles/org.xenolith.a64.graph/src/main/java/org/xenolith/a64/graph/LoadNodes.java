// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads of one general register at an offset from its base, at one from PC, and unprivileged. */
final class LoadNodes {
  private LoadNodes() {}

  private static final class Byte extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Half extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Word extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Double extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedByte32 extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedByte extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedHalf32 extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedHalf extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedWord extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private abstract static class Literal extends Node {
    int rt;
    long imm;

    final Node of(int rt, long imm) {
      this.rt = rt;
      this.imm = imm;
      return this;
    }
  }

  private static final class LiteralWord extends Literal {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralDouble extends Literal {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralSignedWord extends Literal {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, c.page + imm);
      return next;
    }
  }

  private abstract static class Unprivileged extends Node {
    int rt;
    int rn;
    long imm;
    int size;
    int extension;

    final Node of(int rt, int rn, long imm, int size, int extension) {
      this.rt = rt;
      this.rn = rn;
      this.imm = imm;
      this.size = size;
      this.extension = extension;
      return this;
    }
  }

  private static final class User extends Unprivileged {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Registers.signed(Access.loadUser(c, x[rn] + imm, size), extension);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word, int off) {
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
      case LDTR -> new User().of(rt, rn, simm, 1 << size, 0);
      case LDTRS -> new User().of(rt, rn, simm, 1 << size, signed);
      case LDR_LITERAL -> (word & 1 << 30) != 0 ? new LiteralDouble().of(rt, off + Fields.rel19(word))
          : new LiteralWord().of(rt, off + Fields.rel19(word));
      case LDRSW_LITERAL -> new LiteralSignedWord().of(rt, off + Fields.rel19(word));
      default -> null;
    };
  }

  private static Node offset(int kind, int rt, int rn, long imm) {
    return switch (kind) {
      case 0 -> new Byte().of(rt, rn, imm);
      case 1 -> new Half().of(rt, rn, imm);
      case 2 -> new Word().of(rt, rn, imm);
      case 3 -> new Double().of(rt, rn, imm);
      case 4 -> new SignedByte().of(rt, rn, imm);
      case 5 -> new SignedHalf().of(rt, rn, imm);
      case 6 -> new SignedWord().of(rt, rn, imm);
      case 8 -> new SignedByte32().of(rt, rn, imm);
      default -> new SignedHalf32().of(rt, rn, imm);
    };
  }
}
