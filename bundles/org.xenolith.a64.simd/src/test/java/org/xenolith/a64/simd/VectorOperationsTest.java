// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;

class VectorOperationsTest {
  private static final long SEED = 0x51AD;

  /** Forms with general registers or flags among their operands. */
  private static final Set<Insn> ELSEWHERE = EnumSet.of(Insn.SCVTF_INT_FIXED, Insn.UCVTF_INT_FIXED, Insn.FCVTZS_INT_FIXED,
      Insn.FCVTZU_INT_FIXED, Insn.FCVTNS_INT, Insn.FCVTNU_INT, Insn.FCVTAS_INT, Insn.FCVTAU_INT, Insn.FCVTPS_INT,
      Insn.FCVTPU_INT, Insn.FCVTMS_INT, Insn.FCVTMU_INT, Insn.FCVTZS_INT, Insn.FCVTZU_INT, Insn.SCVTF_INT, Insn.UCVTF_INT,
      Insn.FMOV_TO_GENERAL, Insn.FMOV_FROM_GENERAL, Insn.FMOV_TO_GENERAL_HIGH, Insn.FMOV_FROM_GENERAL_HIGH, Insn.FCMP,
      Insn.FCMP_ZERO, Insn.FCMPE, Insn.FCMPE_ZERO, Insn.FCCMP, Insn.FCCMPE, Insn.FCSEL, Insn.DUP_GENERAL, Insn.SMOV,
      Insn.UMOV, Insn.INS_GENERAL);

  @Test
  void everyFormOnVectorRegistersOnlyHasAnOperation() {
    Random random = new Random(SEED);
    FpStatus status = new FpStatus();
    Set<InsnGroup> groups = EnumSet.of(InsnGroup.FP, InsnGroup.ASIMD, InsnGroup.ASIMD_SCALAR, InsnGroup.CRYPTO);
    for (Insn insn : Insn.values()) {
      if (!groups.contains(insn.group())) {
        continue;
      }
      for (int i = 0; i < 150; i++) {
        int word = random.nextInt() & ~insn.mask() | insn.match();
        if (!insn.matches(word)) {
          continue;
        }
        VectorOperation op = VectorOperations.of(insn, word);
        if (ELSEWHERE.contains(insn)) {
          assertEquals(null, op, insn.name());
          continue;
        }
        assertNotNull(op, insn.name() + " " + Integer.toHexString(word));
        long[] v = new long[64];
        for (int k = 0; k < 64; k++) {
          v[k] = random.nextLong();
        }
        long[] before = v.clone();
        op.execute(v, random.nextInt() & 0x07C0_0000, status);
        int d = 2 * (word & 31);
        before[d] = v[d];
        before[d + 1] = v[d + 1];
        assertArrayEquals(before, v, insn.name() + " writes its destination only");
      }
    }
  }

  @Test
  void sixtyFourBitResultsClearTheUpperHalf() {
    // add v1.8b, v2.8b, v3.8b
    long[] v = new long[64];
    v[2] = v[3] = -1;
    v[4] = 0x0102030405060708L;
    v[6] = 0xFF01010101010101L;
    v[7] = -1;
    execute(Insn.ADD_VEC, 0x0E238441, v);
    assertEquals(0x0003040506070809L, v[2]);
    assertEquals(0, v[3]);
  }

  @Test
  void secondNarrowFormKeepsTheLowerHalf() {
    // xtn2 v0.16b, v1.8h
    long[] v = new long[64];
    v[0] = 42;
    v[2] = 0x0011002200330044L;
    v[3] = 0x0055006600770088L;
    execute(Insn.XTN, 0x4E212820, v);
    assertEquals(42, v[0]);
    assertEquals(0x5566778811223344L, v[1]);
  }

  @Test
  void scalarsLookAtTheLowestLaneOnly() {
    // sqadd s0, s1, s2 with a sum in the next lane that would saturate
    long[] v = new long[64];
    v[2] = 0x7FFFFFFF_00000001L;
    v[4] = 0x7FFFFFFF_00000002L;
    assertEquals(0, execute(Insn.SQADD_SCALAR, 0x5EA20C20, v).fpsr);
    assertEquals(3, v[0]);
  }

  private static FpStatus execute(Insn insn, int word, long[] v) {
    assertEquals(true, insn.matches(word), insn + " " + Integer.toHexString(word));
    FpStatus status = new FpStatus();
    VectorOperations.of(insn, word).execute(v, 0, status);
    return status;
  }
}
