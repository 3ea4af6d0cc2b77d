// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.fp.Sse32;
import org.xenolith.x64.fp.Sse64;
import org.xenolith.x64.fp.SseStatus;

/** Conversions of SSE. */
final class SseConvertNodes {
  private SseConvertNodes() {}

  /** CVTSD2SI, CVTSS2SI and those with truncation. */
  static final class ToInteger extends SseNode {
    private final OperandPlace place;
    private final int width;
    private final boolean wide;
    private final boolean truncates;
    private final SseStatus status;

    ToInteger(OperandPlace place, int width, boolean wide, boolean truncates, SseStatus status, SseSource source) {
      super(false, true, null, source);
      this.place = place;
      this.width = width;
      this.wide = wide;
      this.truncates = truncates;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      long value = integer(source.low, width, wide, truncates, c.mxcsr, status);
      SseFpNodes.settle(c, status.flags);
      place.store(c, r, value);
    }
  }

  private static long integer(long a, int width, boolean wide, boolean truncates, int mxcsr, SseStatus status) {
    if (wide) {
      return truncates ? Sse64.truncate(a, width, mxcsr, status) : Sse64.toInteger(a, width, mxcsr, status);
    }
    return truncates ? Sse32.truncate((int) a, width, mxcsr, status) : Sse32.toInteger((int) a, width, mxcsr, status);
  }

  /** CVTSI2SD, CVTSI2SS. */
  static final class FromInteger extends SseNode {
    private final OperandPlace place;
    private final int up;
    private final boolean wide;
    private final SseStatus status;

    FromInteger(OperandPlace place, int width, boolean wide, SseStatus status, SseSource destination) {
      super(false, true, destination, null);
      this.place = place;
      up = 64 - width;
      this.wide = wide;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      long value = place.load(c, r) << up >> up;
      status.flags = 0;
      int to = destination.register;
      long z = wide ? Sse64.fromInteger(value, c.mxcsr, status)
          : c.xmm[to] & ~0xFFFF_FFFFL | Sse32.fromInteger(value, c.mxcsr, status) & 0xFFFF_FFFFL;
      SseFpNodes.settle(c, status.flags);
      c.xmm[to] = z;
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** CVTSD2SS, CVTSS2SD. */
  static final class Scalar extends SseNode {
    private final boolean toDouble;
    private final SseStatus status;

    Scalar(boolean toDouble, SseStatus status, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.toDouble = toDouble;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      status.flags = 0;
      int to = destination.register;
      long z = toDouble ? Sse32.toDouble((int) source.low, c.mxcsr, status)
          : c.xmm[to] & ~0xFFFF_FFFFL | Sse64.toSingle(source.low, c.mxcsr, status) & 0xFFFF_FFFFL;
      SseFpNodes.settle(c, status.flags);
      c.xmm[to] = z;
    }
  }

  /** Packed conversions, by their mnemonics. */
  static final class Packed extends SseNode {
    private final String kind;
    private final SseStatus status;

    Packed(String kind, boolean mmx, SseStatus status, SseSource destination, SseSource source) {
      super(mmx, true, destination, source);
      this.kind = kind;
      this.status = status;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      if (destination.mmx() || source.mmx()) {
        // Even an exception leaves the x87 as MMX has it.
        c.valid = 0xFF;
        c.top = 0;
      }
      status.flags = 0;
      int m = c.mxcsr;
      long b0 = source.low;
      long b1 = source.high;
      long low;
      long high = 0;
      switch (kind) {
        case "cvtdq2pd", "cvtpi2pd" -> {
          low = Sse64.fromInteger((int) b0, m, status);
          high = Sse64.fromInteger(b0 >> 32, m, status);
        }
        case "cvtdq2ps" -> {
          low = singles(b0, m);
          high = singles(b1, m);
        }
        case "cvtpi2ps" -> {
          low = singles(b0, m);
          high = c.xmm[destination.register + 1];
        }
        case "cvtps2pd" -> {
          low = Sse32.toDouble((int) b0, m, status);
          high = Sse32.toDouble((int) (b0 >>> 32), m, status);
        }
        case "cvtpd2ps" -> low = Sse64.toSingle(b0, m, status) & 0xFFFF_FFFFL | (long) Sse64.toSingle(b1, m, status) << 32;
        case "cvtpd2dq", "cvtpd2pi" -> low = integers(b0, b1, true, false, m);
        case "cvttpd2dq", "cvttpd2pi" -> low = integers(b0, b1, true, true, m);
        case "cvtps2pi" -> low = integers(b0, b0 >>> 32, false, false, m);
        case "cvttps2pi" -> low = integers(b0, b0 >>> 32, false, true, m);
        case "cvtps2dq" -> {
          low = integers(b0, b0 >>> 32, false, false, m);
          high = integers(b1, b1 >>> 32, false, false, m);
        }
        default -> {
          low = integers(b0, b0 >>> 32, false, true, m);
          high = integers(b1, b1 >>> 32, false, true, m);
        }
      }
      SseFpNodes.settle(c, status.flags);
      destination.store(c, r, low, high);
    }

    private long singles(long b, int m) {
      return Sse32.fromInteger((int) b, m, status) & 0xFFFF_FFFFL | (long) Sse32.fromInteger(b >> 32, m, status) << 32;
    }

    private long integers(long first, long second, boolean wide, boolean truncates, int m) {
      return integer(first, 32, wide, truncates, m, status) & 0xFFFF_FFFFL | integer(second, 32, wide, truncates, m, status) << 32;
    }
  }
}
