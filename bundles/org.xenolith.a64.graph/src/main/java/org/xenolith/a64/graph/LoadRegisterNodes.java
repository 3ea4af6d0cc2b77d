// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads of one general register from a base and an index register. */
final class LoadRegisterNodes {
  private LoadRegisterNodes() {}

  private static final class Byte extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load8(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class Half extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load16(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class Word extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load32(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class Double extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = Access.load64(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class SignedByte32 extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + index(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedByte extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (byte) Access.load8(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class SignedHalf32 extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + index(x)) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class SignedHalf extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (short) Access.load16(c, base(c, x) + index(x));
      return next;
    }
  }

  private static final class SignedWord extends RegisterAccess {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = (int) Access.load32(c, base(c, x) + index(x));
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    int size = Fields.size(word);
    int rt = Registers.target(Fields.rt(word));
    int rn = Fields.rn(word);
    int signed = Registers.signedKind(word);
    return switch (insn) {
      case LDR_REG -> register(size, rt, rn, word, size);
      case LDRS_REG -> register(signed, rt, rn, word, size);
      default -> null;
    };
  }

  private static Node register(int kind, int rt, int rn, int word, int size) {
    int rm = Registers.source(Fields.rm(word));
    int option = Fields.option(word);
    int shift = (word & 1 << 12) != 0 ? size : 0;
    return switch (kind) {
      case 0 -> new Byte().of(rt, rn, rm, option, shift);
      case 1 -> new Half().of(rt, rn, rm, option, shift);
      case 2 -> new Word().of(rt, rn, rm, option, shift);
      case 3 -> new Double().of(rt, rn, rm, option, shift);
      case 4 -> new SignedByte().of(rt, rn, rm, option, shift);
      case 5 -> new SignedHalf().of(rt, rn, rm, option, shift);
      case 6 -> new SignedWord().of(rt, rn, rm, option, shift);
      case 8 -> new SignedByte32().of(rt, rn, rm, option, shift);
      default -> new SignedHalf32().of(rt, rn, rm, option, shift);
    };
  }
}
