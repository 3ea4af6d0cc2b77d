// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Variable shifts, and counting and reversal of bits. */
final class BitNodes {
  private BitNodes() {}

  private static final class ShiftLeft64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] << x[rm];
      return next;
    }
  }

  private static final class ShiftLeft32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] << (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftRight64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >>> x[rm];
      return next;
    }
  }

  private static final class ShiftRight32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >>> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class ShiftArithmetic64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = x[rn] >> x[rm];
      return next;
    }
  }

  private static final class ShiftArithmetic32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = (int) x[rn] >> (int) x[rm] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Rotate64 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(x[rn], (int) x[rm]);
      return next;
    }
  }

  private static final class Rotate32 extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.rotateRight((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private abstract static class One extends Node {
    int rd;
    int rn;

    final Node of(int rd, int rn) {
      this.rd = rd;
      this.rn = rn;
      return this;
    }
  }

  private static final class ReverseBits64 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverse(x[rn]);
      return next;
    }
  }

  private static final class ReverseBits32 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverse((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse1664 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = v >>> 8 & 0x00FF_00FF_00FF_00FFL | (v & 0x00FF_00FF_00FF_00FFL) << 8;
      return next;
    }
  }

  private static final class Reverse1632 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = (v >>> 8 & 0x00FF_00FFL | (v & 0x00FF_00FFL) << 8) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Reverse32Each extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.rotateRight(Long.reverseBytes(x[rn]), 32);
      return next;
    }
  }

  private static final class ReverseBytes64 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.reverseBytes(x[rn]);
      return next;
    }
  }

  private static final class ReverseBytes32 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.reverseBytes((int) x[rn]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class LeadingZeros64 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Long.numberOfLeadingZeros(x[rn]);
      return next;
    }
  }

  private static final class LeadingZeros32 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Integer.numberOfLeadingZeros((int) x[rn]);
      return next;
    }
  }

  private static final class LeadingSigns64 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      long v = x[rn];
      x[rd] = Long.numberOfLeadingZeros(v ^ v >> 63) - 1;
      return next;
    }
  }

  private static final class LeadingSigns32 extends One {
    @Override
    public Node exec(Cpu c, long[] x) {
      int v = (int) x[rn];
      x[rd] = Integer.numberOfLeadingZeros(v ^ v >> 31) - 1;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    return switch (insn) {
      case LSLV -> wide ? new ShiftLeft64().of(rd, rn, rm) : new ShiftLeft32().of(rd, rn, rm);
      case LSRV -> wide ? new ShiftRight64().of(rd, rn, rm) : new ShiftRight32().of(rd, rn, rm);
      case ASRV -> wide ? new ShiftArithmetic64().of(rd, rn, rm) : new ShiftArithmetic32().of(rd, rn, rm);
      case RORV -> wide ? new Rotate64().of(rd, rn, rm) : new Rotate32().of(rd, rn, rm);
      case RBIT -> wide ? new ReverseBits64().of(rd, rn) : new ReverseBits32().of(rd, rn);
      case REV16 -> wide ? new Reverse1664().of(rd, rn) : new Reverse1632().of(rd, rn);
      case REV32 -> wide ? new Reverse32Each().of(rd, rn) : new ReverseBytes32().of(rd, rn);
      case REV64 -> new ReverseBytes64().of(rd, rn);
      case CLZ -> wide ? new LeadingZeros64().of(rd, rn) : new LeadingZeros32().of(rd, rn);
      case CLS -> wide ? new LeadingSigns64().of(rd, rn) : new LeadingSigns32().of(rd, rn);
      default -> null;
    };
  }
}
