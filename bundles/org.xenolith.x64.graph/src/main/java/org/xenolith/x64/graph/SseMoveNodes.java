// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** Moves between XMM and MMX registers, memory and general registers. */
final class SseMoveNodes {
  private SseMoveNodes() {}

  /** All 16 bytes, or the 8 of MMX: MOVAPS, MOVUPS, MOVDQA, MOVDQU and their kin, MOVQ of MMX. */
  static final class Whole extends SseNode {
    Whole(boolean mmx, SseSource destination, SseSource source) {
      super(mmx, !mmx, destination, source);
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      destination.store(c, r, source.low, source.high);
    }
  }

  /** The low 8 or 4 bytes, the rest of a register becoming 0: MOVQ, and MOVSD and MOVSS of memory. */
  static final class Low extends SseNode {
    private final int bytes;

    Low(int bytes, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.bytes = bytes;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      destination.store(c, r, bytes == 8 ? source.low : source.low & 0xFFFF_FFFFL, 0);
    }
  }

  /** The low 8 or 4 bytes from register to register, the others staying: MOVSD, MOVSS. */
  static final class Merge extends SseNode {
    private final long mask;

    Merge(int bytes, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      mask = bytes == 8 ? -1L : 0xFFFF_FFFFL;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      int to = destination.register;
      c.xmm[to] = c.xmm[to] & ~mask | source.low & mask;
    }
  }

  /** One word of a register to one word of another place: MOVHPS, MOVLPS, MOVHLPS, MOVLHPS. */
  static final class Half extends SseNode {
    private final boolean fromHigh;
    private final boolean toHigh;

    Half(boolean fromHigh, boolean toHigh, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.fromHigh = fromHigh;
      this.toHigh = toHigh;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      long value = fromHigh ? source.high : source.low;
      if (destination.address != null) {
        destination.store(c, r, value, 0);
      } else {
        c.xmm[destination.register + (toHigh ? 1 : 0)] = value;
      }
    }
  }

  /** MOVD and MOVQ from a general register or memory. */
  static final class FromGeneral extends SseNode {
    private final OperandPlace place;

    FromGeneral(OperandPlace place, SseSource destination) {
      super(destination.mmx(), !destination.mmx(), destination, null);
      this.place = place;
    }

    @Override
    void run(Core c, long[] r) {
      destination.store(c, r, place.load(c, r), 0);
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** MOVD and MOVQ to a general register or memory. */
  static final class ToGeneral extends SseNode {
    private final OperandPlace place;

    ToGeneral(OperandPlace place, SseSource source) {
      super(source.mmx(), !source.mmx(), null, source);
      this.place = place;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      place.store(c, r, source.low);
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** MOVDQ2Q and MOVQ2DQ. */
  static final class Between extends SseNode {
    Between(SseSource destination, SseSource source) {
      super(true, true, destination, source);
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      destination.store(c, r, source.low, 0);
    }
  }

  /** MOVDDUP, MOVSLDUP, MOVSHDUP. */
  static final class Duplicate extends SseNode {
    private final int kind;

    /** @param kind 0 the low double, 1 even singles, 2 odd singles */
    Duplicate(int kind, SseSource destination, SseSource source) {
      super(false, true, destination, source);
      this.kind = kind;
    }

    @Override
    void run(Core c, long[] r) {
      source.load(c, r);
      long low = source.low;
      long high = source.high;
      destination.store(c, r, twice(low), kind == 0 ? low : twice(high));
    }

    private long twice(long word) {
      return switch (kind) {
        case 0 -> word;
        case 1 -> word & 0xFFFF_FFFFL | word << 32;
        default -> word >>> 32 | word & 0xFFFF_FFFFL << 32;
      };
    }
  }
}
