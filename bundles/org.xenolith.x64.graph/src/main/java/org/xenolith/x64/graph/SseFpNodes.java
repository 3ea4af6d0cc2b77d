// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.fp.Mxcsr;
import org.xenolith.x64.fp.Sse32;
import org.xenolith.x64.fp.Sse64;
import org.xenolith.x64.fp.SseStatus;

/** Floating-point arithmetic of SSE. */
final class SseFpNodes {
  private SseFpNodes() {}

  /** An operation on doubles. */
  interface Double {
    long of(long a, long b, int mxcsr, SseStatus status);
  }

  /** An operation on singles. */
  interface Single {
    int of(int a, int b, int mxcsr, SseStatus status);
  }

  /** Adds what was raised to MXCSR; an exception that isn't masked is thrown. */
  static void settle(Core c, int raised) {
    if (raised == 0) {
      return;
    }
    c.mxcsr |= Mxcsr.settled(c.mxcsr, raised);
    if (Mxcsr.unmasked(c.mxcsr, raised) != 0) {
      throw c.fault((c.cr4 & ControlBits.OSXMMEXCPT) != 0 ? ExceptionVector.XM : ExceptionVector.UD);
    }
  }

  /** Of the low double. */
  static final class ScalarDouble extends SseNode {
    private final Double operation;
    private final SseStatus status;

    ScalarDouble(Double operation, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.operation = operation;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      long z = operation.of(c.xmm[to], source.low, c.mxcsr, status);
      settle(c, status.flags);
      c.xmm[to] = z;
    }
  }

  /** Of the low single. */
  static final class ScalarSingle extends SseNode {
    private final Single operation;
    private final SseStatus status;

    ScalarSingle(Single operation, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.operation = operation;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      int z = operation.of((int) c.xmm[to], (int) source.low, c.mxcsr, status);
      settle(c, status.flags);
      c.xmm[to] = c.xmm[to] & ~0xFFFF_FFFFL | z & 0xFFFF_FFFFL;
    }
  }

  /** Of both doubles. */
  static final class PackedDouble extends SseNode {
    private final Double operation;
    private final SseStatus status;

    PackedDouble(Double operation, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.operation = operation;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      long low = operation.of(c.xmm[to], source.low, c.mxcsr, status);
      long high = operation.of(c.xmm[to + 1], source.high, c.mxcsr, status);
      settle(c, status.flags);
      c.xmm[to] = low;
      c.xmm[to + 1] = high;
    }
  }

  static long both(Single operation, long a, long b, int mxcsr, SseStatus status) {
    int low = operation.of((int) a, (int) b, mxcsr, status);
    int high = operation.of((int) (a >>> 32), (int) (b >>> 32), mxcsr, status);
    return low & 0xFFFF_FFFFL | (long) high << 32;
  }

  /** Of all four singles. */
  static final class PackedSingle extends SseNode {
    private final Single operation;
    private final SseStatus status;

    PackedSingle(Single operation, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.operation = operation;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      long low = both(operation, c.xmm[to], source.low, c.mxcsr, status);
      long high = both(operation, c.xmm[to + 1], source.high, c.mxcsr, status);
      settle(c, status.flags);
      c.xmm[to] = low;
      c.xmm[to + 1] = high;
    }
  }

  /** COMISS, COMISD, UCOMISS, UCOMISD. */
  static final class Compare extends SseNode {
    private final boolean wide;
    private final boolean quiet;
    private final SseStatus status;

    Compare(boolean wide, boolean quiet, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.wide = wide;
      this.quiet = quiet;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      long a = c.xmm[destination.register];
      int mxcsr = c.mxcsr;
      int flags;
      if (wide) {
        flags = quiet ? Sse64.ucomi(a, source.low, mxcsr, status) : Sse64.comi(a, source.low, mxcsr, status);
      } else {
        flags = quiet ? Sse32.ucomi((int) a, (int) source.low, mxcsr, status) : Sse32.comi((int) a, (int) source.low, mxcsr, status);
      }
      settle(c, status.flags);
      c.arithmeticFlags(flags);
    }
  }

  /** ADDSUBPS, ADDSUBPD, HADDPS, HADDPD, HSUBPS, HSUBPD. */
  static final class Mixed extends SseNode {
    private final boolean wide;
    private final boolean horizontal;
    private final boolean subtracts;
    private final SseStatus status;

    Mixed(boolean wide, boolean horizontal, boolean subtracts, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.wide = wide;
      this.horizontal = horizontal;
      this.subtracts = subtracts;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      long a0 = c.xmm[to];
      long a1 = c.xmm[to + 1];
      long low;
      long high;
      if (horizontal) {
        low = wide ? of64(subtracts, a0, a1, c.mxcsr) : neighbours(a0, a1, c.mxcsr);
        high = wide ? of64(subtracts, source.low, source.high, c.mxcsr) : neighbours(source.low, source.high, c.mxcsr);
      } else if (wide) {
        low = of64(true, a0, source.low, c.mxcsr);
        high = of64(false, a1, source.high, c.mxcsr);
      } else {
        low = alternating(a0, source.low, c.mxcsr);
        high = alternating(a1, source.high, c.mxcsr);
      }
      settle(c, status.flags);
      c.xmm[to] = low;
      c.xmm[to + 1] = high;
    }

    private long of64(boolean subtract, long a, long b, int mxcsr) {
      return subtract ? Sse64.sub(a, b, mxcsr, status) : Sse64.add(a, b, mxcsr, status);
    }

    private long of32(boolean subtract, long a, long b, int mxcsr) {
      int z = subtract ? Sse32.sub((int) a, (int) b, mxcsr, status) : Sse32.add((int) a, (int) b, mxcsr, status);
      return z & 0xFFFF_FFFFL;
    }

    private long neighbours(long first, long second, int mxcsr) {
      return of32(subtracts, first, first >>> 32, mxcsr) | of32(subtracts, second, second >>> 32, mxcsr) << 32;
    }

    private long alternating(long a, long b, int mxcsr) {
      return of32(true, a, b, mxcsr) | of32(false, a >>> 32, b >>> 32, mxcsr) << 32;
    }
  }

  /** DPPS, DPPD. Products are summed in pairs, each step rounded (Intel SDM volume 2A, DPPS). */
  static final class Dot extends SseNode {
    private final boolean wide;
    private final int imm;
    private final SseStatus status;

    Dot(boolean wide, int imm, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.wide = wide;
      this.imm = imm;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      int to = destination.register;
      int mxcsr = c.mxcsr;
      long low;
      long high;
      if (wide) {
        status.flags = 0;
        long first = (imm & 0x10) != 0 ? Sse64.mul(c.xmm[to], source.low, mxcsr, status) : 0;
        long second = (imm & 0x20) != 0 ? Sse64.mul(c.xmm[to + 1], source.high, mxcsr, status) : 0;
        settle(c, status.flags);
        status.flags = 0;
        long sum = Sse64.add(first, second, mxcsr, status);
        settle(c, status.flags);
        low = (imm & 1) != 0 ? sum : 0;
        high = (imm & 2) != 0 ? sum : 0;
      } else {
        status.flags = 0;
        int p0 = product(0, c.xmm[to], source.low, mxcsr);
        int p1 = product(1, c.xmm[to] >>> 32, source.low >>> 32, mxcsr);
        int p2 = product(2, c.xmm[to + 1], source.high, mxcsr);
        int p3 = product(3, c.xmm[to + 1] >>> 32, source.high >>> 32, mxcsr);
        settle(c, status.flags);
        status.flags = 0;
        int s0 = Sse32.add(p0, p1, mxcsr, status);
        int s1 = Sse32.add(p2, p3, mxcsr, status);
        settle(c, status.flags);
        status.flags = 0;
        long sum = Sse32.add(s0, s1, mxcsr, status) & 0xFFFF_FFFFL;
        settle(c, status.flags);
        low = ((imm & 1) != 0 ? sum : 0) | ((imm & 2) != 0 ? sum << 32 : 0);
        high = ((imm & 4) != 0 ? sum : 0) | ((imm & 8) != 0 ? sum << 32 : 0);
      }
      c.xmm[to] = low;
      c.xmm[to + 1] = high;
    }

    private int product(int number, long a, long b, int mxcsr) {
      return (imm >> 4 + number & 1) != 0 ? Sse32.mul((int) a, (int) b, mxcsr, status) : 0;
    }
  }

  /** LDMXCSR and STMXCSR. */
  static final class ControlRegister extends Node {
    private final OperandAddress address;
    private final boolean load;

    ControlRegister(OperandAddress address, boolean load) {
      this.address = address;
      this.load = load;
    }

    @Override
    public Node exec(Core c, long[] r) {
      if (c.sseTrapped) {
        throw c.sseTrap();
      }
      long at = address.of(c, r, 4, !load);
      if (load) {
        int value = (int) c.load32(at);
        if ((value & ~0xFFFF) != 0) {
          throw c.fault(ExceptionVector.GP, 0);
        }
        c.mxcsr = value;
      } else {
        c.store32(at, c.mxcsr);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return address.stack();
    }
  }
}
