// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.simd.PackedLanes;
import org.xenolith.x64.simd.PackedPermutes;
import org.xenolith.x64.simd.PackedShifts;

/** Integer vector instructions. */
final class SseIntegerNodes {
  private SseIntegerNodes() {}

  /** An operation on one word. */
  interface Lanes {
    long of(long a, long b);
  }

  /** An operation on two words, whose result is left in {@code z}. */
  interface Permute {
    void of(long a0, long a1, long b0, long b1, long[] z);
  }

  /** What is the same for each word. */
  static final class ByWord extends SseNode {
    private final Lanes operation;

    ByWord(Lanes operation, boolean mmx, SseSource destination, SseSource source) {
      super(mmx, !mmx, destination, source);
      this.operation = operation;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      int to = destination.register;
      if (destination.mmx()) {
        c.significand[to] = operation.of(c.significand[to], source.low);
        c.exponent[to] = 0xFFFF;
      } else {
        c.xmm[to] = operation.of(c.xmm[to], source.low);
        c.xmm[to + 1] = operation.of(c.xmm[to + 1], source.high);
      }
    }
  }

  /** PXOR of a register with itself. */
  static final class Zero extends SseNode {
    Zero(SseSource destination) {
      super(false, true, destination, null);
    }

    @Override
    void run(Core c, long[] r) {
      c.xmm[destination.register] = 0;
      c.xmm[destination.register + 1] = 0;
    }
  }

  /** What moves lanes between the words. */
  static final class Whole extends SseNode {
    private final Permute operation;
    private final long[] z;

    Whole(Permute operation, long[] z, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.operation = operation;
      this.z = z;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      int to = destination.register;
      operation.of(c.xmm[to], c.xmm[to + 1], source.low, source.high, z);
      c.xmm[to] = z[0];
      c.xmm[to + 1] = z[1];
    }
  }

  /** Shifts of lanes, by the low word of an operand or an immediate. */
  static final class Shift extends SseNode {
    static final int LEFT = 0;
    static final int RIGHT = 1;
    static final int ARITHMETIC = 2;
    private final int kind;
    private final int lane;
    private final int immediate;

    /** @param immediate the count, if {@code source} is null */
    Shift(int kind, int lane, int immediate, boolean mmx, SseSource destination, SseSource source) {
      super(mmx, !mmx, destination, source);
      this.kind = kind;
      this.lane = lane;
      this.immediate = immediate;
    }

    @Override
    void run(Core c, long[] r) {
      long count = immediate;
      if (source != null) {
        source.load(c, r);
        count = source.low;
      }
      int to = destination.register;
      if (destination.mmx()) {
        c.significand[to] = shifted(c.significand[to], count);
        c.exponent[to] = 0xFFFF;
      } else {
        c.xmm[to] = shifted(c.xmm[to], count);
        c.xmm[to + 1] = shifted(c.xmm[to + 1], count);
      }
    }

    private long shifted(long word, long count) {
      return switch (kind) {
        case LEFT -> PackedShifts.left(word, count, lane);
        case RIGHT -> PackedShifts.right(word, count, lane);
        default -> PackedShifts.arithmetic(word, count, lane);
      };
    }
  }

  /** PSLLDQ, PSRLDQ. */
  static final class ByteShift extends SseNode {
    private final boolean left;
    private final int bytes;
    private final long[] z;

    ByteShift(boolean left, int bytes, long[] z, SseSource destination) {
      super(false, true, destination, null);
      this.left = left;
      this.bytes = bytes;
      this.z = z;
    }

    @Override
    void run(Core c, long[] r) {
      int to = destination.register;
      if (left) {
        PackedPermutes.bytesLeft(c.xmm[to], c.xmm[to + 1], bytes, z);
      } else {
        PackedPermutes.bytesRight(c.xmm[to], c.xmm[to + 1], bytes, z);
      }
      c.xmm[to] = z[0];
      c.xmm[to + 1] = z[1];
    }
  }

  /** PMOVMSKB, MOVMSKPS, MOVMSKPD. @param lane bits of a lane */
  static final class Mask extends SseNode {
    private final OperandPlace place;
    private final int lane;

    Mask(OperandPlace place, int lane, SseSource source) {
      super(source.mmx(), !source.mmx(), null, source);
      this.place = place;
      this.lane = lane;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      long mask = switch (lane) {
        case 8 -> PackedLanes.pmovmskb(source.low) | (source.mmx() ? 0 : PackedLanes.pmovmskb(source.high) << 8);
        case 32 -> source.low >>> 31 & 1 | source.low >>> 62 & 2 | source.high >>> 29 & 4 | source.high >>> 60 & 8;
        default -> source.low >>> 63 | source.high >>> 62 & 2;
      };
      place.store(c, r, mask);
    }
  }

  /** PINSRB, PINSRW, PINSRD, PINSRQ. */
  static final class Insert extends SseNode {
    private final OperandPlace place;
    private final int lane;
    private final int number;

    Insert(OperandPlace place, int lane, int number, SseSource destination) {
      super(destination.mmx(), !destination.mmx(), destination, null);
      this.place = place;
      this.lane = lane;
      this.number = number & (destination.mmx() ? 64 : 128) / lane - 1;
    }

    @Override
    void run(Core c, long[] r) {
      long value = place.load(c, r);
      int to = destination.register;
      if (destination.mmx()) {
        c.significand[to] = PackedPermutes.insert(c.significand[to], value, number, lane);
        c.exponent[to] = 0xFFFF;
        return;
      }
      int word = to + number * lane / 64;
      c.xmm[word] = PackedPermutes.insert(c.xmm[word], value, number % (64 / lane), lane);
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** PEXTRB, PEXTRW, PEXTRD, PEXTRQ, EXTRACTPS. */
  static final class Extract extends SseNode {
    private final OperandPlace place;
    private final int lane;
    private final int number;

    Extract(OperandPlace place, int lane, int number, SseSource source) {
      super(source.mmx(), !source.mmx(), null, source);
      this.place = place;
      this.lane = lane;
      this.number = number & (source.mmx() ? 64 : 128) / lane - 1;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      long word = number * lane < 64 ? source.low : source.high;
      long value = word >>> number * lane % 64;
      place.store(c, r, lane == 64 ? value : value & (1L << lane) - 1);
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** PTEST. */
  static final class Test extends SseNode {
    Test(SseSource destination, SseSource source) {
      super(false, true, destination, source);
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      long a0 = c.xmm[destination.register];
      long a1 = c.xmm[destination.register + 1];
      boolean disjoint = ((a0 & source.low) | (a1 & source.high)) == 0;
      boolean covered = ((~a0 & source.low) | (~a1 & source.high)) == 0;
      c.zero = disjoint ? 0 : 1;
      c.sign = 0;
      c.parity = 1;
      c.adjust = 0;
      c.carries(covered ? 1 : 0, 0);
    }
  }

  /** BLENDVPS, BLENDVPD, PBLENDVB. */
  static final class BlendVariable extends SseNode {
    private final int lane;

    BlendVariable(int lane, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.lane = lane;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      int to = destination.register;
      long low = PackedPermutes.blendVariable(c.xmm[to], source.low, c.xmm[0], lane);
      long high = PackedPermutes.blendVariable(c.xmm[to + 1], source.high, c.xmm[1], lane);
      c.xmm[to] = low;
      c.xmm[to + 1] = high;
    }
  }

  /** MASKMOVDQU, MASKMOVQ: bytes whose mask has its sign are stored at rDI. */
  static final class MaskedStore extends SseNode {
    private final OperandAddress address;

    MaskedStore(OperandAddress address, SseSource value, SseSource mask) {
      super(value.mmx(), !value.mmx(), value, mask);
      this.address = address;
    }

    @Override
    void run(Core c, long[] r) {
      destination.load(c, r);
      source.load(c, r);
      int bytes = destination.mmx() ? 8 : 16;
      long at = address.of(c, r, bytes, true);
      int mask = PackedLanes.pmovmskb(source.low) | (bytes == 16 ? PackedLanes.pmovmskb(source.high) << 8 : 0);
      if (mask != 0) {
        c.memory.probe(at, bytes);
      }
      for (int i = 0; i < bytes; i++) {
        if ((mask >> i & 1) != 0) {
          c.store8(c.wide(at + i), i < 8 ? destination.low >>> 8 * i : destination.high >>> 8 * (i - 8));
        }
      }
    }
  }
}
