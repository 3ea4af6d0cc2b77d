package org.xenolith.cpu.interpreter;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Cpu;

/** Loads of one general register. */
final class LoadNodes {
  private LoadNodes() { }

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

  private abstract static class Register extends Node {
    final int rt;
    final int rn;
    final int rm;
    final int option;
    final int shift;
    private final long stack;

    Register(int rt, int rn, int rm, int option, int shift) {
      this.rt = rt;
      this.stack = rn == Cpu.SP ? 15 : 0;
      this.rn = rn;
      this.rm = rm;
      this.option = option;
      this.shift = shift;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if ((base & stack) != 0) {
        c.memory.checkStack();
      }
      return base;
    }

    final long index(long[] x) {
      return Registers.extend(x[rm], option) << shift;
    }
  }

  private static final class Byte extends Offset {
    Byte(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Half extends Offset {
    Half(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Word extends Offset {
    Word(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class Double extends Offset {
    Double(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedByte32 extends Offset {
    SignedByte32(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedByte extends Offset {
    SignedByte(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedHalf32 extends Offset {
    SignedHalf32(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedHalf extends Offset {
    SignedHalf(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class SignedWord extends Offset {
    SignedWord(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, base(c, x) + imm);
      return next;
    }
  }

  private static final class IndexedByte extends Indexed {
    IndexedByte(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedHalf extends Indexed {
    IndexedHalf(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedWord extends Indexed {
    IndexedWord(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load32(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedDouble extends Indexed {
    IndexedDouble(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = Access.load64(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedSignedByte32 extends Indexed {
    IndexedSignedByte32(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedSignedByte extends Indexed {
    IndexedSignedByte(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (byte) Access.load8(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedSignedHalf32 extends Indexed {
    IndexedSignedHalf32(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm) & 0xFFFF_FFFFL;
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedSignedHalf extends Indexed {
    IndexedSignedHalf(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (short) Access.load16(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class IndexedSignedWord extends Indexed {
    IndexedSignedWord(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long value = (int) Access.load32(c, base + imm);
      x[rn] = base + step;
      x[rt] = value;
      return next;
    }
  }

  private static final class RegisterByte extends Register {
    RegisterByte(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load8(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterHalf extends Register {
    RegisterHalf(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load16(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterWord extends Register {
    RegisterWord(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterDouble extends Register {
    RegisterDouble(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterSignedByte32 extends Register {
    RegisterSignedByte32(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + index(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class RegisterSignedByte extends Register {
    RegisterSignedByte(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterSignedHalf32 extends Register {
    RegisterSignedHalf32(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + index(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class RegisterSignedHalf extends Register {
    RegisterSignedHalf(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class RegisterSignedWord extends Register {
    RegisterSignedWord(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, base(c, x) + index(x));
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

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralDouble extends Literal {
    LiteralDouble(int rt, long imm) {
      super(rt, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, c.page + imm);
      return next;
    }
  }

  private static final class LiteralSignedWord extends Literal {
    LiteralSignedWord(int rt, long imm) {
      super(rt, imm);
    }

    @Override Node exec(Cpu c, long[] x) {
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

    @Override Node exec(Cpu c, long[] x) {
      x[rt] = Registers.signed(Access.loadUser(c, x[rn] + imm, size), extension);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word, int off) {
    int size = Fields.size(word);
    int rt = Registers.target(Fields.rt(word));
    int rn = Fields.rn(word);
    // Kind: log2 of the size, plus 4 if sign-extended, plus 8 if that is to 32 bits.
    int signed = size + 4 + ((word & 1 << 22) != 0 ? 4 : 0);
    long simm = Fields.simm9(word);
    return switch (insn) {
      case LDR_IMM_UNSIGNED -> offset(size, rt, rn, (long) Fields.imm12(word) << size);
      case LDRS_IMM_UNSIGNED -> offset(signed, rt, rn, (long) Fields.imm12(word) << size);
      case LDUR -> offset(size, rt, rn, simm);
      case LDURS -> offset(signed, rt, rn, simm);
      case LDR_IMM_POST -> indexed(size, rt, rn, 0, simm);
      case LDRS_IMM_POST -> indexed(signed, rt, rn, 0, simm);
      case LDR_IMM_PRE -> indexed(size, rt, rn, simm, simm);
      case LDRS_IMM_PRE -> indexed(signed, rt, rn, simm, simm);
      case LDR_REG -> register(size, rt, rn, word, size);
      case LDRS_REG -> register(signed, rt, rn, word, size);
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

  private static Node indexed(int kind, int rt, int rn, long imm, long step) {
    return switch (kind) {
      case 0 -> new IndexedByte(rt, rn, imm, step);
      case 1 -> new IndexedHalf(rt, rn, imm, step);
      case 2 -> new IndexedWord(rt, rn, imm, step);
      case 3 -> new IndexedDouble(rt, rn, imm, step);
      case 4 -> new IndexedSignedByte(rt, rn, imm, step);
      case 5 -> new IndexedSignedHalf(rt, rn, imm, step);
      case 6 -> new IndexedSignedWord(rt, rn, imm, step);
      case 8 -> new IndexedSignedByte32(rt, rn, imm, step);
      default -> new IndexedSignedHalf32(rt, rn, imm, step);
    };
  }

  private static Node register(int kind, int rt, int rn, int word, int size) {
    int rm = Registers.source(Fields.rm(word));
    int option = Fields.option(word);
    int shift = (word & 1 << 12) != 0 ? size : 0;
    return switch (kind) {
      case 0 -> new RegisterByte(rt, rn, rm, option, shift);
      case 1 -> new RegisterHalf(rt, rn, rm, option, shift);
      case 2 -> new RegisterWord(rt, rn, rm, option, shift);
      case 3 -> new RegisterDouble(rt, rn, rm, option, shift);
      case 4 -> new RegisterSignedByte(rt, rn, rm, option, shift);
      case 5 -> new RegisterSignedHalf(rt, rn, rm, option, shift);
      case 6 -> new RegisterSignedWord(rt, rn, rm, option, shift);
      case 8 -> new RegisterSignedByte32(rt, rn, rm, option, shift);
      default -> new RegisterSignedHalf32(rt, rn, rm, option, shift);
    };
  }
}
