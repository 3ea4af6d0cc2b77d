// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.xenolith.a64.isa.Insn;

/** ZIP, UZP and TRN. */
final class PermuteOperations {
  private PermuteOperations() {}

  static VectorOperation of(Insn insn, int word) {
    int size = esize(word);
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    int second = insn == Insn.ZIP2 || insn == Insn.UZP2 || insn == Insn.TRN2 ? 1 : 0;
    if (size == 3) {
      return (v, fpcr, status) -> {
        long b = v[m + second];
        v[d] = v[n + second];
        v[d + 1] = b;
      };
    }
    if (insn == Insn.TRN1) {
      return Shapes.same(word, (od, a, b, c, s) -> LanePermute.trn1(a, b, size));
    }
    if (insn == Insn.TRN2) {
      return Shapes.same(word, (od, a, b, c, s) -> LanePermute.trn2(a, b, size));
    }
    boolean zip = insn == Insn.ZIP1 || insn == Insn.ZIP2;
    if (!q(word)) {
      return (v, fpcr, status) -> {
        v[d] = zip ? LanePermute.zip(v[n] >>> 32 * second, v[m] >>> 32 * second, size)
            : second == 0 ? LanePermute.narrow(v[n], v[m], size) : LanePermute.narrowHigh(v[n], v[m], size);
        v[d + 1] = 0;
      };
    }
    if (zip) {
      return (v, fpcr, status) -> {
        long a = v[n + second];
        long b = v[m + second];
        v[d] = LanePermute.zip(a, b, size);
        v[d + 1] = LanePermute.zip(a >>> 32, b >>> 32, size);
      };
    }
    return (v, fpcr, status) -> {
      long b = second == 0 ? LanePermute.narrow(v[m], v[m + 1], size) : LanePermute.narrowHigh(v[m], v[m + 1], size);
      v[d] = second == 0 ? LanePermute.narrow(v[n], v[n + 1], size) : LanePermute.narrowHigh(v[n], v[n + 1], size);
      v[d + 1] = b;
    };
  }
}
