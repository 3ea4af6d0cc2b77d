// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Stores of one general register. */
final class StoreNodes {
  private StoreNodes() {}

  private static final class Byte extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store8(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Half extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store16(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Word extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store32(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class Double extends OffsetAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store64(c, base(c, x) + imm, x[rt]);
      return next;
    }
  }

  private static final class IndexedByte extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store8(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedHalf extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store16(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedWord extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store32(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class IndexedDouble extends IndexedAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      Access.store64(c, base + imm, x[rt]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class RegisterByte extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store8(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterHalf extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store16(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterWord extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store32(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private static final class RegisterDouble extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store64(c, base(c, x) + index(x), x[rt]);
      return next;
    }
  }

  private abstract static class Unprivileged extends Node {
    int rt;
    int rn;
    long imm;
    int size;

    final Node of(int rt, int rn, long imm, int size) {
      this.rt = rt;
      this.rn = rn;
      this.imm = imm;
      this.size = size;
      return this;
    }
  }

  private static final class User extends Unprivileged {
    @Override
    public Node exec(Cpu c, long[] x) {
      Access.storeUser(c, x[rn] + imm, size, x[rt]);
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
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
      case STTR -> new User().of(rt, rn, simm, 1 << size);
      default -> null;
    };
  }

  private static Node offset(int kind, int rt, int rn, long imm) {
    return switch (kind) {
      case 0 -> new Byte().of(rt, rn, imm);
      case 1 -> new Half().of(rt, rn, imm);
      case 2 -> new Word().of(rt, rn, imm);
      default -> new Double().of(rt, rn, imm);
    };
  }

  private static Node indexed(int kind, int rt, int rn, long imm, long step) {
    return switch (kind) {
      case 0 -> new IndexedByte().of(rt, rn, imm, step);
      case 1 -> new IndexedHalf().of(rt, rn, imm, step);
      case 2 -> new IndexedWord().of(rt, rn, imm, step);
      default -> new IndexedDouble().of(rt, rn, imm, step);
    };
  }

  private static Node register(int kind, int rt, int rn, int word) {
    int rm = Registers.source(Fields.rm(word));
    int option = Fields.option(word);
    int shift = (word & 1 << 12) != 0 ? kind : 0;
    return switch (kind) {
      case 0 -> new RegisterByte().of(rt, rn, rm, option, shift);
      case 1 -> new RegisterHalf().of(rt, rn, rm, option, shift);
      case 2 -> new RegisterWord().of(rt, rn, rm, option, shift);
      default -> new RegisterDouble().of(rt, rn, rm, option, shift);
    };
  }
}
