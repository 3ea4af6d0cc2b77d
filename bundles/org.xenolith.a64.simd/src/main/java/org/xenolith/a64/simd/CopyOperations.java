// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;

/** Immediates, copies of lanes, permutations, tables and reductions. */
final class CopyOperations {
  private CopyOperations() {}

  /** The operation of a form; null if it is none of these. */
  static VectorOperation of(Insn insn, int word) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    boolean q = q(word);
    switch (insn) {
      case MOVI_32, MOVI_16, MOVI_MSL, MOVI_8, MOVI_64, MOVI_64_SCALAR, FMOV_VEC_IMM : {
        long value = SimdImmediate.expand(word);
        return constant(word, value, q ? value : 0);
      }
      case MVNI_32, MVNI_16, MVNI_MSL : {
        long value = ~SimdImmediate.expand(word);
        return constant(word, value, q ? value : 0);
      }
      case ORR_VEC_IMM_32, ORR_VEC_IMM_16 : {
        long bits = SimdImmediate.expand(word);
        return (v, fpcr, status) -> {
          v[d] |= bits;
          v[d + 1] = q ? v[d + 1] | bits : 0;
        };
      }
      case BIC_VEC_IMM_32, BIC_VEC_IMM_16 : {
        long keep = ~SimdImmediate.expand(word);
        return (v, fpcr, status) -> {
          v[d] &= keep;
          v[d + 1] = q ? v[d + 1] & keep : 0;
        };
      }
      case DUP_ELEMENT : {
        int size = laneSize(word);
        int lane = laneIndex(word, size);
        int half = n + halfOf(lane, size);
        return (v, fpcr, status) -> {
          long value = Lanes.replicate(Lanes.lane(v[half], lane & 7 >>> size, size), size);
          v[d] = value;
          v[d + 1] = q ? value : 0;
        };
      }
      case DUP_SCALAR : {
        int size = laneSize(word);
        int lane = laneIndex(word, size);
        int half = n + halfOf(lane, size);
        return (v, fpcr, status) -> {
          v[d] = Lanes.lane(v[half], lane & 7 >>> size, size);
          v[d + 1] = 0;
        };
      }
      case INS_ELEMENT : {
        int size = laneSize(word);
        int lane = laneIndex(word, size);
        int from = (word >>> 11 & 15) >>> size;
        int source = n + halfOf(from, size);
        int target = d + halfOf(lane, size);
        return (v, fpcr, status) -> v[target] = Lanes.insert(v[target], lane & 7 >>> size, size, Lanes.lane(v[source], from & 7 >>> size,
            size));
      }
      case EXT : {
        int from = word >>> 11 & 15;
        if (!q) {
          return (v, fpcr, status) -> {
            v[d] = LanePermute.ext(v[n], v[m], from);
            v[d + 1] = 0;
          };
        }
        return (v, fpcr, status) -> {
          long a = from < 8 ? v[n] : v[n + 1];
          long b = from < 8 ? v[n + 1] : v[m];
          long c = from < 8 ? v[m] : v[m + 1];
          v[d] = LanePermute.ext(a, b, from & 7);
          v[d + 1] = LanePermute.ext(b, c, from & 7);
        };
      }
      case TBL, TBX : {
        int count = (word >>> 13 & 3) + 1;
        boolean keep = insn == Insn.TBX;
        return (v, fpcr, status) -> {
          long low = LanePermute.table(v, n / 2, count, v[m], keep ? v[d] : 0);
          v[d + 1] = q ? LanePermute.table(v, n / 2, count, v[m + 1], keep ? v[d + 1] : 0) : 0;
          v[d] = low;
        };
      }
      case ZIP1, ZIP2, UZP1, UZP2, TRN1, TRN2 :
        return PermuteOperations.of(insn, word);
      case SADDLV, UADDLV, SMAXV, UMAXV, SMINV, UMINV, ADDV :
        return acrossLanes(insn, word);
      case ADDP_SCALAR :
        return (v, fpcr, status) -> {
          v[d] = v[n] + v[n + 1];
          v[d + 1] = 0;
        };
      default :
        return null;
    }
  }

  static VectorOperation constant(int word, long low, long high) {
    int d = 2 * rd(word);
    return (v, fpcr, status) -> {
      v[d] = low;
      v[d + 1] = high;
    };
  }

  /** Lane size of the copies: the lowest set bit of imm5. */
  static int laneSize(int word) {
    return Integer.numberOfTrailingZeros(word >>> 16);
  }

  /** Lane of the copies: the bits of imm5 above the lowest set one. */
  static int laneIndex(int word, int size) {
    return (word >>> 16 & 31) >>> size + 1;
  }

  static int halfOf(int lane, int size) {
    return lane << size >>> 3;
  }

  private static VectorOperation acrossLanes(Insn insn, int word) {
    int size = word >>> 22 & 3;
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    boolean q = q(word);
    boolean signed = (word & 1 << 29) == 0;
    long mask = Lanes.mask(size);
    return switch (insn) {
      case ADDV, SADDLV, UADDLV -> {
        long kept = insn == Insn.ADDV ? mask : Lanes.mask(size + 1);
        yield (v, fpcr, status) -> {
          long sum = LaneReduction.sum(v[n], size, signed) + (q ? LaneReduction.sum(v[n + 1], size, signed) : 0);
          v[d] = sum & kept;
          v[d + 1] = 0;
        };
      }
      case SMAXV, UMAXV -> (v, fpcr, status) -> {
        long best = LaneReduction.max(v[n], size, signed);
        v[d] = (q ? Math.max(best, LaneReduction.max(v[n + 1], size, signed)) : best) & mask;
        v[d + 1] = 0;
      };
      default -> (v, fpcr, status) -> {
        long best = LaneReduction.min(v[n], size, signed);
        v[d] = (q ? Math.min(best, LaneReduction.min(v[n + 1], size, signed)) : best) & mask;
        v[d + 1] = 0;
      };
    };
  }
}
