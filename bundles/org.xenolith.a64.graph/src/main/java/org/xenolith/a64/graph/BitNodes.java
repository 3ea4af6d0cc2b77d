// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Variable shifts, and counting and reversal of bits. */
final class BitNodes {
  private BitNodes() {}

  private abstract static class Two extends Node {
    final int rd;
    final int rn;
    final int rm;

    Two(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
    }
  }

  private static final class ShiftLeft64 extends Two {
    ShiftLeft64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << x[rm];
      return next;
    }
  }

  private static final class ShiftLeft32 extends Two {
    ShiftLeft32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] << (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftRight64 extends Two {
    ShiftRight64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >>> x[rm];
      return next;
    }
  }

  private static final class ShiftRight32 extends Two {
    ShiftRight32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >>> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftArithmetic64 extends Two {
    ShiftArithmetic64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >> x[rm];
      return next;
    }
  }

  private static final class ShiftArithmetic32 extends Two {
    ShiftArithmetic32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Rotate64 extends Two {
    Rotate64(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(x[rn], (int) x[rm]);
      return next;
    }
  }

  private static final class Rotate32 extends Two {
    Rotate32(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.rotateRight((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class One extends Node {
    final int rd;
    final int rn;

    One(int rd, int rn) {
      this.rd = rd;
      this.rn = rn;
    }
  }

  private static final class ReverseBits64 extends One {
    ReverseBits64(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverse(x[rn]);
      return next;
    }
  }

  private static final class ReverseBits32 extends One {
    ReverseBits32(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverse((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse1664 extends One {
    Reverse1664(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = v >>> 8 & 0x00FF_00FF_00FF_00FFL | (v & 0x00FF_00FF_00FF_00FFL) << 8;
      return next;
    }
  }

  private static final class Reverse1632 extends One {
    Reverse1632(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = (v >>> 8 & 0x00FF_00FFL | (v & 0x00FF_00FFL) << 8) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse32Each extends One {
    Reverse32Each(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(Long.reverseBytes(x[rn]), 32);
      return next;
    }
  }

  private static final class ReverseBytes64 extends One {
    ReverseBytes64(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverseBytes(x[rn]);
      return next;
    }
  }

  private static final class ReverseBytes32 extends One {
    ReverseBytes32(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverseBytes((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class LeadingZeros64 extends One {
    LeadingZeros64(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.numberOfLeadingZeros(x[rn]);
      return next;
    }
  }

  private static final class LeadingZeros32 extends One {
    LeadingZeros32(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.numberOfLeadingZeros((int) x[rn]);
      return next;
    }
  }

  private static final class LeadingSigns64 extends One {
    LeadingSigns64(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = Long.numberOfLeadingZeros(v ^ v >> 63) - 1;
      return next;
    }
  }

  private static final class LeadingSigns32 extends One {
    LeadingSigns32(int rd, int rn) {
      super(rd, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      int v = (int) x[rn];
      x[rd] = Integer.numberOfLeadingZeros(v ^ v >> 31) - 1;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    return switch (insn) {
      case LSLV -> wide ? new ShiftLeft64(rd, rn, rm) : new ShiftLeft32(rd, rn, rm);
      case LSRV -> wide ? new ShiftRight64(rd, rn, rm) : new ShiftRight32(rd, rn, rm);
      case ASRV -> wide ? new ShiftArithmetic64(rd, rn, rm) : new ShiftArithmetic32(rd, rn, rm);
      case RORV -> wide ? new Rotate64(rd, rn, rm) : new Rotate32(rd, rn, rm);
      case RBIT -> wide ? new ReverseBits64(rd, rn) : new ReverseBits32(rd, rn);
      case REV16 -> wide ? new Reverse1664(rd, rn) : new Reverse1632(rd, rn);
      case REV32 -> wide ? new Reverse32Each(rd, rn) : new ReverseBytes32(rd, rn);
      case REV64 -> new ReverseBytes64(rd, rn);
      case CLZ -> wide ? new LeadingZeros64(rd, rn) : new LeadingZeros32(rd, rn);
      case CLS -> wide ? new LeadingSigns64(rd, rn) : new LeadingSigns32(rd, rn);
      default -> null;
    };
  }
}
