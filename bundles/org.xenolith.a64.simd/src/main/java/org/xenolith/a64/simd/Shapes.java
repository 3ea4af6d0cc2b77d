// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

/** How an instruction spreads a {@link HalfOperation} over its registers. Sources are read before the destination is written. */
final class Shapes {
  private Shapes() {}

  /** The same on each half; a 64-bit form clears the upper one. */
  static VectorOperation same(int word, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    if (q(word)) {
      return (v, fpcr, status) -> {
        v[d] = op.apply(v[d], v[n], v[m], fpcr, status);
        v[d + 1] = op.apply(v[d + 1], v[n + 1], v[m + 1], fpcr, status);
      };
    }
    return (v, fpcr, status) -> {
      v[d] = op.apply(v[d], v[n], v[m], fpcr, status);
      v[d + 1] = 0;
    };
  }

  /** On the lowest lane only; the rest of the destination is cleared. */
  static VectorOperation scalar(int word, int size, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    long mask = Lanes.mask(size);
    return (v, fpcr, status) -> {
      v[d] = op.apply(v[d] & mask, v[n] & mask, v[m] & mask, fpcr, status) & mask;
      v[d + 1] = 0;
    };
  }

  /** As {@link #same}, with one lane of the second source in all lanes. */
  static VectorOperation element(int word, int size, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * elementRegister(word, size) + elementHalf(word, size);
    int lane = elementLane(word, size);
    boolean q = q(word);
    return (v, fpcr, status) -> {
      long factor = Lanes.replicate(Lanes.lane(v[m], lane, size), size);
      v[d] = op.apply(v[d], v[n], factor, fpcr, status);
      v[d + 1] = q ? op.apply(v[d + 1], v[n + 1], factor, fpcr, status) : 0;
    };
  }

  /** As {@link #scalar} for a result of size {@code to}, with any lane of {@code size} of the second source. */
  static VectorOperation scalarElement(int word, int size, int to, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * elementRegister(word, size) + elementHalf(word, size);
    int lane = elementLane(word, size);
    long mask = Lanes.mask(to);
    return (v, fpcr, status) -> {
      long factor = Lanes.lane(v[m], lane, size);
      v[d] = op.apply(v[d] & mask, v[n] & mask, factor, fpcr, status) & mask;
      v[d + 1] = 0;
    };
  }

  /** Long: 64 bits of each source, the upper ones in the second form, widened first. */
  static VectorOperation widened(int word, WidenOperation widen, HalfOperation op) {
    int d = 2 * rd(word);
    int part = q(word) ? 1 : 0;
    int n = 2 * rn(word) + part;
    int m = 2 * rm(word) + part;
    return (v, fpcr, status) -> {
      long a = v[n];
      long b = v[m];
      v[d] = op.apply(v[d], widen.apply(a), widen.apply(b), fpcr, status);
      v[d + 1] = op.apply(v[d + 1], widen.apply(a >>> 32), widen.apply(b >>> 32), fpcr, status);
    };
  }

  /** Wide: only the second source is widened. */
  static VectorOperation wide(int word, WidenOperation widen, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word) + (q(word) ? 1 : 0);
    return (v, fpcr, status) -> {
      long b = v[m];
      v[d] = op.apply(v[d], v[n], widen.apply(b), fpcr, status);
      v[d + 1] = op.apply(v[d + 1], v[n + 1], widen.apply(b >>> 32), fpcr, status);
    };
  }

  /** As {@link #widened}, with one lane of the second source in all lanes. */
  static VectorOperation widenedElement(int word, int size, WidenOperation widen, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word) + (q(word) ? 1 : 0);
    int m = 2 * elementRegister(word, size) + elementHalf(word, size);
    int lane = elementLane(word, size);
    return (v, fpcr, status) -> {
      long a = v[n];
      long factor = widen.apply(Lanes.replicate(Lanes.lane(v[m], lane, size), size));
      v[d] = op.apply(v[d], widen.apply(a), factor, fpcr, status);
      v[d + 1] = op.apply(v[d + 1], widen.apply(a >>> 32), factor, fpcr, status);
    };
  }

  /** Narrow: wide work first, then each register of two halves becomes one half, the upper one in the second form. */
  static VectorOperation narrowed(int word, HalfOperation first, NarrowOperation narrow) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    boolean upper = q(word);
    return (v, fpcr, status) -> {
      long low = first.apply(0, v[n], v[m], fpcr, status);
      long high = first.apply(0, v[n + 1], v[m + 1], fpcr, status);
      long r = narrow.apply(low, high, fpcr, status);
      if (upper) {
        v[d + 1] = r;
      } else {
        v[d] = r;
        v[d + 1] = 0;
      }
    };
  }

  /** Narrow on the lowest lane, {@code size} that of the result. */
  static VectorOperation scalarNarrowed(int word, int size, HalfOperation first, NarrowOperation narrow) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    long from = Lanes.mask(size + 1);
    long to = Lanes.mask(size);
    return (v, fpcr, status) -> {
      v[d] = narrow.apply(first.apply(0, v[n] & from, 0, fpcr, status) & from, 0, fpcr, status) & to;
      v[d + 1] = 0;
    };
  }

  /** Pairwise: neighbours of the second source after neighbours of the first. */
  static VectorOperation pairs(int word, int size, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    if (size == 3) {
      return (v, fpcr, status) -> {
        long low = op.apply(0, v[n], v[n + 1], fpcr, status);
        v[d + 1] = op.apply(0, v[m], v[m + 1], fpcr, status);
        v[d] = low;
      };
    }
    if (q(word)) {
      return (v, fpcr, status) -> {
        long nl = v[n];
        long nh = v[n + 1];
        long ml = v[m];
        long mh = v[m + 1];
        v[d] = op.apply(0, LanePermute.narrow(nl, nh, size), LanePermute.narrowHigh(nl, nh, size), fpcr, status);
        v[d + 1] = op.apply(0, LanePermute.narrow(ml, mh, size), LanePermute.narrowHigh(ml, mh, size), fpcr, status);
      };
    }
    return (v, fpcr, status) -> {
      long a = v[n];
      long b = v[m];
      v[d] = op.apply(0, LanePermute.narrow(a, b, size), LanePermute.narrowHigh(a, b, size), fpcr, status);
      v[d + 1] = 0;
    };
  }

  /** Register of a by-element operand: 16-bit lanes are in V0 to V15 only. */
  private static int elementRegister(int word, int size) {
    return size == 1 ? word >>> 16 & 15 : word >>> 16 & 31;
  }

  private static int elementIndex(int word, int size) {
    int high = word >>> 11 & 1;
    int low = word >>> 21 & 1;
    return switch (size) {
      case 1 -> high << 2 | low << 1 | word >>> 20 & 1;
      case 2 -> high << 1 | low;
      default -> high;
    };
  }

  private static int elementHalf(int word, int size) {
    return elementIndex(word, size) << size >>> 3;
  }

  private static int elementLane(int word, int size) {
    return elementIndex(word, size) & (8 >>> size) - 1;
  }
}
