// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Data processing with an immediate: arithmetic, logic, moves, bit fields, PC-relative addresses. */
final class ImmediateNodes {
  private ImmediateNodes() {}

  private abstract static class Immediate extends Node {
    final int rd;
    final int rn;
    final long imm;

    Immediate(int rd, int rn, long imm) {
      this.rd = rd;
      this.rn = rn;
      this.imm = imm;
    }
  }

  private static final class Add64 extends Immediate {
    Add64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + imm;
      return next;
    }
  }

  private static final class Add32 extends Immediate {
    Add32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] + imm & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Adds64 extends Immediate {
    Adds64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    Adds32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    Subs64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    Subs32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    And64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] & imm;
      return next;
    }
  }

  private static final class Orr64 extends Immediate {
    Orr64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] | imm;
      return next;
    }
  }

  private static final class Orr32 extends Immediate {
    Orr32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] | imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Eor64 extends Immediate {
    Eor64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] ^ imm;
      return next;
    }
  }

  private static final class Eor32 extends Immediate {
    Eor32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] ^ imm) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Ands64 extends Immediate {
    Ands64(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    Ands32(int rd, int rn, long imm) {
      super(rd, rn, imm);
    }

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
    final int rd;
    final long imm;

    Constant(int rd, long imm) {
      this.rd = rd;
      this.imm = imm;
    }
  }

  private static final class Move extends Constant {
    Move(int rd, long imm) {
      super(rd, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = imm;
      return next;
    }
  }

  private static final class PageRelative extends Constant {
    PageRelative(int rd, long imm) {
      super(rd, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = c.page + imm;
      return next;
    }
  }

  private abstract static class Keep extends Node {
    final int rd;
    final long mask;
    final long imm;

    Keep(int rd, long mask, long imm) {
      this.rd = rd;
      this.mask = mask;
      this.imm = imm;
    }
  }

  private static final class MoveKeep extends Keep {
    MoveKeep(int rd, long mask, long imm) {
      super(rd, mask, imm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & mask | imm;
      return next;
    }
  }

  private abstract static class Bitfield extends Node {
    final int rd;
    final int rn;
    final int right;
    final int left;
    final long mask;

    Bitfield(int rd, int rn, int right, int left, long mask) {
      this.rd = rd;
      this.rn = rn;
      this.right = right;
      this.left = left;
      this.mask = mask;
    }
  }

  private static final class UnsignedExtract extends Bitfield {
    UnsignedExtract(int rd, int rn, int right, int left, long mask) {
      super(rd, rn, right, left, mask);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >>> right & mask;
      return next;
    }
  }

  private static final class UnsignedInsert extends Bitfield {
    UnsignedInsert(int rd, int rn, int right, int left, long mask) {
      super(rd, rn, right, left, mask);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (x[rn] & mask) << left;
      return next;
    }
  }

  private static final class SignedExtract extends Bitfield {
    SignedExtract(int rd, int rn, int right, int left, long mask) {
      super(rd, rn, right, left, mask);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << left >> right & mask;
      return next;
    }
  }

  private static final class SignedInsert extends Bitfield {
    SignedInsert(int rd, int rn, int right, int left, long mask) {
      super(rd, rn, right, left, mask);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << 63 - right >> 63 - right << left & mask;
      return next;
    }
  }

  private abstract static class Merge extends Node {
    final int rd;
    final int rn;
    final int shift;
    final long mask;
    final long keep;

    Merge(int rd, int rn, int shift, long mask, long keep) {
      this.rd = rd;
      this.rn = rn;
      this.shift = shift;
      this.mask = mask;
      this.keep = keep;
    }
  }

  private static final class ExtractInto extends Merge {
    ExtractInto(int rd, int rn, int shift, long mask, long keep) {
      super(rd, rn, shift, mask, keep);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & keep | x[rn] >>> shift & mask;
      return next;
    }
  }

  private static final class InsertInto extends Merge {
    InsertInto(int rd, int rn, int shift, long mask, long keep) {
      super(rd, rn, shift, mask, keep);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rd] & keep | x[rn] << shift & mask;
      return next;
    }
  }

  private abstract static class Extract extends Node {
    final int rd;
    final int rn;
    final int rm;
    final int shift;

    Extract(int rd, int rn, int rm, int shift) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
      this.shift = shift;
    }
  }

  private static final class Extract64 extends Extract {
    Extract64(int rd, int rn, int rm, int shift) {
      super(rd, rn, rm, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << 1 << 63 - shift | x[rm] >>> shift;
      return next;
    }
  }

  private static final class Extract32 extends Extract {
    Extract32(int rd, int rn, int rm, int shift) {
      super(rd, rn, rm, shift);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = ((x[rn] & 0xFFFF_FFFFL) << 32 | x[rm] & 0xFFFF_FFFFL) >>> shift & 0xFFFF_FFFFL;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word, int off) {
    boolean wide = Fields.sf(word);
    int rn = Registers.source(Fields.rn(word));
    int rnSp = Fields.rn(word);
    int rd = Registers.target(Fields.rd(word));
    int rdSp = Fields.rd(word);
    return switch (insn) {
      case ADR -> new PageRelative(rd, off + Fields.adrImmediate(word));
      case ADRP -> new PageRelative(rd, Fields.adrImmediate(word) << 12);
      case ADD_IMM -> add(wide, rdSp, rnSp, Fields.addImmediate(word));
      case SUB_IMM -> add(wide, rdSp, rnSp, -Fields.addImmediate(word));
      case ADDS_IMM -> wide ? new Adds64(rd, rnSp, Fields.addImmediate(word))
          : new Adds32(rd, rnSp, Fields.addImmediate(word));
      case SUBS_IMM -> wide ? new Subs64(rd, rnSp, Fields.addImmediate(word))
          : new Subs32(rd, rnSp, Fields.addImmediate(word));
      case AND_IMM -> new And64(rdSp, rn, Fields.logicalImmediate(word));
      case ORR_IMM -> rn == Cpu.ZERO ? new Move(rdSp, Fields.logicalImmediate(word))
          : wide ? new Orr64(rdSp, rn, Fields.logicalImmediate(word)) : new Orr32(rdSp, rn, Fields.logicalImmediate(word));
      case EOR_IMM -> wide ? new Eor64(rdSp, rn, Fields.logicalImmediate(word))
          : new Eor32(rdSp, rn, Fields.logicalImmediate(word));
      case ANDS_IMM -> wide ? new Ands64(rd, rn, Fields.logicalImmediate(word))
          : new Ands32(rd, rn, Fields.logicalImmediate(word));
      case MOVZ -> new Move(rd, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      case MOVN -> {
        long value = ~((long) Fields.imm16(word) << Fields.moveWideShift(word));
        yield new Move(rd, wide ? value : value & 0xFFFF_FFFFL);
      }
      case MOVK -> {
        long mask = ~(0xFFFFL << Fields.moveWideShift(word));
        yield new MoveKeep(rd, wide ? mask : mask & 0xFFFF_FFFFL, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      }
      case UBFM, SBFM, BFM -> bitfield(insn, wide, rd, rn, Fields.immr(word), Fields.imms(word));
      case EXTR -> {
        int rm = Registers.source(Fields.rm(word));
        yield wide ? new Extract64(rd, rn, rm, Fields.imms(word)) : new Extract32(rd, rn, rm, Fields.imms(word));
      }
      default -> null;
    };
  }

  private static Node add(boolean wide, int rd, int rn, long imm) {
    return wide ? new Add64(rd, rn, imm) : new Add32(rd, rn, imm);
  }

  private static Node bitfield(Insn insn, boolean wide, int rd, int rn, int immr, int imms) {
    int width = wide ? 64 : 32;
    boolean extract = imms >= immr;
    int length = extract ? imms - immr + 1 : imms + 1;
    int to = extract ? 0 : width - immr;
    long ones = length == 64 ? -1 : (1L << length) - 1;
    long all = wide ? -1 : 0xFFFF_FFFFL;
    return switch (insn) {
      case UBFM -> extract ? new UnsignedExtract(rd, rn, immr, 0, ones) : new UnsignedInsert(rd, rn, 0, to, ones);
      case SBFM -> extract ? new SignedExtract(rd, rn, 64 - length, 63 - imms, all)
          : new SignedInsert(rd, rn, imms, to, all);
      default -> extract ? new ExtractInto(rd, rn, immr, ones, all & ~ones)
          : new InsertInto(rd, rn, to, ones << to, all & ~(ones << to));
    };
  }
}
