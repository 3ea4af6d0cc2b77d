// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Data processing with an immediate: arithmetic, logic, moves, bit fields, PC-relative addresses. */
final class ImmediateNodes {
  private ImmediateNodes() {}

  private abstract static class Immediate extends Node {
    int rd;
    int rn;
    long imm;

    final Node of(int rd, int rn, long imm) {
      this.rd = rd;
      this.rn = rn;
      this.imm = imm;
      return this;
    }
  }

  private static final class Add64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + imm;
      return next;
    }
  }

  private static final class Add32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + imm & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Adds64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long r = a + imm;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (imm ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class Adds32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) imm;
      int r = a + b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(r, a) < 0 ? 1 : 0;
      c.overflow = (a ^ r) & (b ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Subs64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      long a = x[rn];
      long r = a - imm;
      c.negative = r;
      c.zero = r;
      c.carry = Long.compareUnsigned(a, imm) >= 0 ? 1 : 0;
      c.overflow = (a ^ imm) & (a ^ r);
      x[rd] = r;
      return next;
    }
  }

  private static final class Subs32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      int a = (int) x[rn];
      int b = (int) imm;
      int r = a - b;
      c.negative = r;
      c.zero = r;
      c.carry = Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
      c.overflow = (a ^ b) & (a ^ r);
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class And64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & imm;
      return next;
    }
  }

  private static final class Orr64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | imm;
      return next;
    }
  }

  private static final class Orr32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eor64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ imm;
      return next;
    }
  }

  private static final class Eor32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Ands64 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      long r = x[rn] & imm;
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
      x[rd] = r;
      return next;
    }
  }

  private static final class Ands32 extends Immediate {
    @Override
    public Node exec(Cpu c, long[] x) {
      int r = (int) (x[rn] & imm);
      c.negative = r;
      c.zero = r;
      c.carry = 0;
      c.overflow = 0;
      x[rd] = r & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class Constant extends Node {
    int rd;
    long imm;

    final Node of(int rd, long imm) {
      this.rd = rd;
      this.imm = imm;
      return this;
    }
  }

  private static final class Move extends Constant {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = imm;
      return next;
    }
  }

  private static final class PageRelative extends Constant {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = c.page + imm;
      return next;
    }
  }

  private abstract static class Keep extends Node {
    int rd;
    long mask;
    long imm;

    final Node of(int rd, long mask, long imm) {
      this.rd = rd;
      this.mask = mask;
      this.imm = imm;
      return this;
    }
  }

  private static final class MoveKeep extends Keep {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & mask | imm;
      return next;
    }
  }

  private abstract static class Bitfield extends Node {
    int rd;
    int rn;
    int right;
    int left;
    long mask;

    final Node of(int rd, int rn, int right, int left, long mask) {
      this.rd = rd;
      this.rn = rn;
      this.right = right;
      this.left = left;
      this.mask = mask;
      return this;
    }
  }

  private static final class UnsignedExtract extends Bitfield {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >>> right & mask;
      return next;
    }
  }

  private static final class UnsignedInsert extends Bitfield {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & mask) << left;
      return next;
    }
  }

  private static final class SignedExtract extends Bitfield {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << left >> right & mask;
      return next;
    }
  }

  private static final class SignedInsert extends Bitfield {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << 63 - right >> 63 - right << left & mask;
      return next;
    }
  }

  private abstract static class Merge extends Node {
    int rd;
    int rn;
    int shift;
    long mask;
    long keep;

    final Node of(int rd, int rn, int shift, long mask, long keep) {
      this.rd = rd;
      this.rn = rn;
      this.shift = shift;
      this.mask = mask;
      this.keep = keep;
      return this;
    }
  }

  private static final class ExtractInto extends Merge {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & keep | x[rn] >>> shift & mask;
      return next;
    }
  }

  private static final class InsertInto extends Merge {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & keep | x[rn] << shift & mask;
      return next;
    }
  }

  private abstract static class Extract extends Node {
    int rd;
    int rn;
    int rm;
    int shift;

    final Node of(int rd, int rn, int rm, int shift) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.shift = shift;
      return this;
    }
  }

  private static final class Extract64 extends Extract {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << 1 << 63 - shift | x[rm] >>> shift;
      return next;
    }
  }

  private static final class Extract32 extends Extract {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = ((x[rn] & 0xFFFF_FFFFL) << 32 | x[rm] & 0xFFFF_FFFFL) >>> shift & 0xFFFF_FFFFL;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word, int off) {
    boolean wide = Fields.sf(word);
    int rn = Registers.source(Fields.rn(word));
    int rnSp = Fields.rn(word);
    int rd = Registers.target(Fields.rd(word));
    int rdSp = Fields.rd(word);
    return switch (insn) {
      case ADR -> new PageRelative().of(rd, off + Fields.adrImmediate(word));
      case ADRP -> new PageRelative().of(rd, Fields.adrImmediate(word) << 12);
      case ADD_IMM -> add(wide, rdSp, rnSp, Fields.addImmediate(word));
      case SUB_IMM -> add(wide, rdSp, rnSp, -Fields.addImmediate(word));
      case ADDS_IMM -> wide ? new Adds64().of(rd, rnSp, Fields.addImmediate(word))
          : new Adds32().of(rd, rnSp, Fields.addImmediate(word));
      case SUBS_IMM -> wide ? new Subs64().of(rd, rnSp, Fields.addImmediate(word))
          : new Subs32().of(rd, rnSp, Fields.addImmediate(word));
      case AND_IMM -> new And64().of(rdSp, rn, Fields.logicalImmediate(word));
      case ORR_IMM -> rn == Cpu.ZERO ? new Move().of(rdSp, Fields.logicalImmediate(word))
          : wide ? new Orr64().of(rdSp, rn, Fields.logicalImmediate(word)) : new Orr32().of(rdSp, rn, Fields.logicalImmediate(word));
      case EOR_IMM -> wide ? new Eor64().of(rdSp, rn, Fields.logicalImmediate(word))
          : new Eor32().of(rdSp, rn, Fields.logicalImmediate(word));
      case ANDS_IMM -> wide ? new Ands64().of(rd, rn, Fields.logicalImmediate(word))
          : new Ands32().of(rd, rn, Fields.logicalImmediate(word));
      case MOVZ -> new Move().of(rd, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      case MOVN -> {
        long value = ~((long) Fields.imm16(word) << Fields.moveWideShift(word));
        yield new Move().of(rd, wide ? value : value & 0xFFFF_FFFFL);
      }
      case MOVK -> {
        long mask = ~(0xFFFFL << Fields.moveWideShift(word));
        yield new MoveKeep().of(rd, wide ? mask : mask & 0xFFFF_FFFFL, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      }
      case UBFM, SBFM, BFM -> bitfield(insn, wide, rd, rn, Fields.immr(word), Fields.imms(word));
      case EXTR -> {
        int rm = Registers.source(Fields.rm(word));
        yield wide ? new Extract64().of(rd, rn, rm, Fields.imms(word)) : new Extract32().of(rd, rn, rm, Fields.imms(word));
      }
      default -> null;
    };
  }

  private static Node add(boolean wide, int rd, int rn, long imm) {
    return wide ? new Add64().of(rd, rn, imm) : new Add32().of(rd, rn, imm);
  }

  private static Node bitfield(Insn insn, boolean wide, int rd, int rn, int immr, int imms) {
    int width = wide ? 64 : 32;
    boolean extract = imms >= immr;
    int length = extract ? imms - immr + 1 : imms + 1;
    int to = extract ? 0 : width - immr;
    long ones = length == 64 ? -1 : (1L << length) - 1;
    long all = wide ? -1 : 0xFFFF_FFFFL;
    return switch (insn) {
      case UBFM -> extract ? new UnsignedExtract().of(rd, rn, immr, 0, ones) : new UnsignedInsert().of(rd, rn, 0, to, ones);
      case SBFM -> extract ? new SignedExtract().of(rd, rn, 64 - length, 63 - imms, all)
          : new SignedInsert().of(rd, rn, imms, to, all);
      default -> extract ? new ExtractInto().of(rd, rn, immr, ones, all & ~ones)
          : new InsertInto().of(rd, rn, to, ones << to, all & ~(ones << to));
    };
  }
}
