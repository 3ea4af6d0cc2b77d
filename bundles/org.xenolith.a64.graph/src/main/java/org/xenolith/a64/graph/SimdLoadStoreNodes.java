// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.a64.simd.Lanes;

/** Loads and stores of structures: LD1 to LD4, ST1 to ST4, LD1R to LD4R. A load writes no register before its last access. */
final class SimdLoadStoreNodes {
  private SimdLoadStoreNodes() {}

  /** The node of a word of group LOAD_STORE_SIMD; null if it is of another. */
  static @Nullable Node create(Insn insn, int word) {
    if (insn.group() != InsnGroup.LOAD_STORE_SIMD) {
      return null;
    }
    boolean load = (word & 1 << 22) != 0;
    boolean post = (word & 1 << 23) != 0;
    if ((word & 1 << 24) == 0) {
      // Bits 15 to 12: which of the registers' lanes are interleaved, and how many registers.
      return switch (word >>> 12 & 15) {
        case 7 -> new Multiple(word, load, post, 1, false);
        case 10 -> new Multiple(word, load, post, 2, false);
        case 6 -> new Multiple(word, load, post, 3, false);
        case 2 -> new Multiple(word, load, post, 4, false);
        case 8 -> new Multiple(word, load, post, 2, true);
        case 4 -> new Multiple(word, load, post, 3, true);
        default -> new Multiple(word, load, post, 4, true);
      };
    }
    int registers = (word >>> 21 & 1) + (word >>> 12 & 2) + 1;
    int scale = word >>> 14 & 3;
    if (scale == 3) {
      return new Replicated(word, post, registers, word >>> 10 & 3);
    }
    int index = (word >>> 30 & 1) << 3 | word >>> 10 & 7;
    return switch (scale) {
      case 0 -> new Single(word, load, post, registers, 0, index);
      case 1 -> new Single(word, load, post, registers, 1, index >> 1);
      default -> (word & 1 << 10) == 0 ? new Single(word, load, post, registers, 2, index >> 2)
          : new Single(word, load, post, registers, 3, index >> 3);
    };
  }

  /** What all have: a base, registers that follow each other, and an increment. */
  abstract static class Structure extends LoadStoreFpNodes.Based {
    final int registers;
    final int size;
    private final boolean post;
    private final int m;
    private final int bytes;

    Structure(int word, boolean post, int registers, int size, int bytes) {
      super(word, 0);
      this.post = post;
      this.registers = registers;
      this.size = size;
      this.bytes = bytes;
      m = rm(word);
    }

    /** Writes the base back. */
    final Node done(long[] x, long base) {
      if (post) {
        x[n] = base + (m == 31 ? bytes : x[m]);
      }
      return next;
    }
  }

  /** Whole registers. */
  static final class Multiple extends Structure {
    private final boolean load;
    private final boolean interleaved;
    private final int halves;
    private final long[] buffer;

    Multiple(int word, boolean load, boolean post, int registers, boolean interleaved) {
      super(word, post, registers, word >>> 10 & 3, registers * (q(word) ? 16 : 8));
      this.load = load;
      this.interleaved = interleaved;
      halves = q(word) ? 2 : 1;
      buffer = new long[registers * halves];
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long[] v = c.v;
      int count = registers * halves << 3 - size;
      if (load) {
        VectorAccess.loadElements(c, base, count, size, buffer);
        if (interleaved) {
          separate(v);
        } else {
          copy(v, false);
        }
      } else {
        if (interleaved) {
          interleave(v);
        } else {
          copy(v, true);
        }
        VectorAccess.storeElements(c, base, count, size, buffer);
      }
      return done(x, base);
    }

    private void copy(long[] v, boolean store) {
      for (int r = 0; r < registers; r++) {
        int at = t + 2 * r & 63;
        if (store) {
          buffer[r * halves] = v[at];
          if (halves == 2) {
            buffer[r * 2 + 1] = v[at + 1];
          }
        } else {
          v[at] = buffer[r * halves];
          v[at + 1] = halves == 2 ? buffer[r * 2 + 1] : 0;
        }
      }
    }

    private void separate(long[] v) {
      for (int r = 0; r < registers; r++) {
        int at = t + 2 * r & 63;
        v[at] = 0;
        v[at + 1] = 0;
        for (int lane = 0; lane < halves << 3 - size; lane++) {
          int from = lane * registers + r << size;
          int to = lane << size;
          v[at + (to >> 3)] |= Lanes.unsigned(buffer[from >> 3] >>> 8 * (from & 7), size) << 8 * (to & 7);
        }
      }
    }

    private void interleave(long[] v) {
      Arrays.fill(buffer, 0);
      for (int r = 0; r < registers; r++) {
        int at = t + 2 * r & 63;
        for (int lane = 0; lane < halves << 3 - size; lane++) {
          int to = lane * registers + r << size;
          int from = lane << size;
          buffer[to >> 3] |= Lanes.unsigned(v[at + (from >> 3)] >>> 8 * (from & 7), size) << 8 * (to & 7);
        }
      }
    }
  }

  /** One lane of each register. */
  static final class Single extends Structure {
    private final boolean load;
    private final int half;
    private final int lane;
    private final long[] buffer = new long[4];

    Single(int word, boolean load, boolean post, int registers, int size, int index) {
      super(word, post, registers, size, registers << size);
      this.load = load;
      half = index << size >> 3;
      lane = index & 7 >> size;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long[] v = c.v;
      if (load) {
        for (int r = 0; r < registers; r++) {
          buffer[r] = VectorAccess.loadElement(c, base + (r << size), size);
        }
        for (int r = 0; r < registers; r++) {
          int at = (t + 2 * r & 63) + half;
          v[at] = Lanes.insert(v[at], lane, size, buffer[r]);
        }
      } else {
        for (int r = 0; r < registers; r++) {
          VectorAccess.storeElement(c, base + (r << size), size, Lanes.lane(v[(t + 2 * r & 63) + half], lane, size));
        }
      }
      return done(x, base);
    }
  }

  /** One element for all lanes of each register. */
  static final class Replicated extends Structure {
    private final boolean full;
    private final long[] buffer = new long[4];

    Replicated(int word, boolean post, int registers, int size) {
      super(word, post, registers, size, registers << size);
      full = q(word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      for (int r = 0; r < registers; r++) {
        buffer[r] = VectorAccess.loadElement(c, base + (r << size), size);
      }
      for (int r = 0; r < registers; r++) {
        int at = t + 2 * r & 63;
        long value = Lanes.replicate(buffer[r], size);
        c.v[at] = value;
        c.v[at + 1] = full ? value : 0;
      }
      return done(x, base);
    }
  }
}
