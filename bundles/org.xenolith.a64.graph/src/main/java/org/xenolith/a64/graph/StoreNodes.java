// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Stores of one general register. */
final class StoreNodes {
  private StoreNodes() {}

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

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store8(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Half extends Offset {
    Half(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store16(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Word extends Offset {
    Word(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store32(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Double extends Offset {
    Double(int rt, int rn, long imm) {
      super(rt, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store64(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class IndexedByte extends Indexed {
    IndexedByte(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store8(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedHalf extends Indexed {
    IndexedHalf(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store16(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedWord extends Indexed {
    IndexedWord(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store32(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedDouble extends Indexed {
    IndexedDouble(int rt, int rn, long imm, long step) {
      super(rt, rn, imm, step);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store64(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class RegisterByte extends Register {
    RegisterByte(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store8(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterHalf extends Register {
    RegisterHalf(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store16(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterWord extends Register {
    RegisterWord(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store32(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterDouble extends Register {
    RegisterDouble(int rt, int rn, int rm, int option, int shift) {
      super(rt, rn, rm, option, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store64(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private abstract static class Unprivileged extends Node {
    final int rt;
    final int rn;
    final long imm;
    final int size;

    Unprivileged(int rt, int rn, long imm, int size) {
      this.rt = rt;
      this.rn = rn;
      this.imm = imm;
      this.size = size;
    }
  }

  private static final class User extends Unprivileged {
    User(int rt, int rn, long imm, int size) {
      super(rt, rn, imm, size);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.storeUser(c, x[rn] + imm, size, x[rt]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    int size = Fields.size(word);
    int rt = Registers.source(Fields.rt(word));
    int rn = Fields.rn(word);
    long simm = Fields.simm9(word);
    return switch (insn) {
      case STR_IMM_UNSIGNED -> offset(size, rt, rn, (long) Fields.imm12(word) << size);
      case STUR -> offset(size, rt, rn, simm);
      case STR_IMM_POST -> indexed(size, rt, rn, 0, simm);
      case STR_IMM_PRE -> indexed(size, rt, rn, simm, simm);
      case STR_REG -> register(size, rt, rn, word);
      case STTR -> new User(rt, rn, simm, 1 << size);
      default -> null;
    };
  }

  private static Node offset(int kind, int rt, int rn, long imm) {
    return switch (kind) {
      case 0 -> new Byte(rt, rn, imm);
      case 1 -> new Half(rt, rn, imm);
      case 2 -> new Word(rt, rn, imm);
      default -> new Double(rt, rn, imm);
    };
  }

  private static Node indexed(int kind, int rt, int rn, long imm, long step) {
    return switch (kind) {
      case 0 -> new IndexedByte(rt, rn, imm, step);
      case 1 -> new IndexedHalf(rt, rn, imm, step);
      case 2 -> new IndexedWord(rt, rn, imm, step);
      default -> new IndexedDouble(rt, rn, imm, step);
    };
  }

  private static Node register(int kind, int rt, int rn, int word) {
    int rm = Registers.source(Fields.rm(word));
    int option = Fields.option(word);
    int shift = (word & 1 << 12) != 0 ? kind : 0;
    return switch (kind) {
      case 0 -> new RegisterByte(rt, rn, rm, option, shift);
      case 1 -> new RegisterHalf(rt, rn, rm, option, shift);
      case 2 -> new RegisterWord(rt, rn, rm, option, shift);
      default -> new RegisterDouble(rt, rn, rm, option, shift);
    };
  }
}
