// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.fp.FpStatus;

/** Widening, narrowing, permuting and reducing. */
class LaneMovementTest {
  private static final long SEED = 0xC0FFEEL;
  private final Random random = new Random(SEED);

  @Test
  void wideningAndNarrowingAreEachOthersInverse() {
    for (int size = 0; size < 3; size++) {
      for (int i = 0; i < 1000; i++) {
        long a = LaneOperationsTest.operand(random, size);
        long low = LanePermute.expand(a, size);
        long high = LanePermute.expand(a >>> 32, size);
        assertEquals(a, LanePermute.narrow(low, high, size));
        assertEquals(a, LanePermute.narrow(LanePermute.signExpand(a, size), LanePermute.signExpand(a >>> 32, size), size));
        assertEquals(a, LanePermute.narrowHigh(low << (8 << size), high << (8 << size), size));
        for (int k = 0; k < 4 >> size; k++) {
          assertEquals(LaneReference.unsigned(a, k, size), LaneReference.unsigned(low, k, size + 1));
          assertEquals(LaneReference.signed(a, k, size), LaneReference.signed(LanePermute.signExpand(a, size), k, size + 1));
        }
      }
    }
  }

  @Test
  void saturatingNarrowingLimitsEachLane() {
    for (int size = 0; size < 3; size++) {
      for (int i = 0; i < 1000; i++) {
        long low = LaneOperationsTest.operand(random, random.nextInt(size + 1));
        long high = LaneOperationsTest.operand(random, size + 1);
        for (int kind = 0; kind < 3; kind++) {
          LaneReference reference = new LaneReference(size);
          BigInteger[] lanes = new BigInteger[8 >> size];
          for (int k = 0; k < lanes.length; k++) {
            long from = k < lanes.length / 2 ? low : high;
            int index = k % (lanes.length / 2);
            BigInteger value = kind == 1 ? LaneReference.unsigned(from, index, size + 1)
                : LaneReference.signed(from, index, size + 1);
            lanes[k] = kind == 0 ? reference.limitSigned(value) : reference.limitUnsigned(value);
          }
          FpStatus status = new FpStatus();
          long actual = kind == 0 ? LaneNarrow.sqxtn(low, high, size, status)
              : kind == 1 ? LaneNarrow.uqxtn(low, high, size, status) : LaneNarrow.sqxtun(low, high, size, status);
          assertEquals(Long.toHexString(LaneReference.join(lanes, size)), Long.toHexString(actual), "kind " + kind);
          assertEquals(reference.saturated ? FpStatus.QC : 0, status.fpsr);
        }
      }
    }
  }

  @Test
  void doubledProductsSaturateOnlyForTwoMinima() {
    FpStatus status = new FpStatus();
    assertEquals(0x7FFF_FFFF_0000_0002L, LaneSaturation.sqdmull(0xFFFF_8000_0000_0001L, 0xFFFF_8000_0000_0001L, 2, status));
    assertEquals(FpStatus.QC, status.fpsr);
    status.fpsr = 0;
    assertEquals(Long.MAX_VALUE, LaneSaturation.sqdmull(Integer.MIN_VALUE, Integer.MIN_VALUE, 3, status));
    assertEquals(FpStatus.QC, status.fpsr);
    status.fpsr = 0;
    assertEquals(-0x7FFF_FFFF_0000_0000L, LaneSaturation.sqdmull(Integer.MIN_VALUE, 0x7FFF_FFFF, 3, status));
    assertEquals(0, status.fpsr);
  }

  @Test
  void reversalTurnsLanesWithinTheirContainer() {
    assertEquals(0x0706050403020100L, LaneBits.rev(0x0001020304050607L, 0, 3));
    assertEquals(0x0302010007060504L, LaneBits.rev(0x0001020304050607L, 0, 2));
    assertEquals(0x0100030205040706L, LaneBits.rev(0x0001020304050607L, 0, 1));
    assertEquals(0x0607040502030001L, LaneBits.rev(0x0001020304050607L, 1, 3));
    assertEquals(0x0405060700010203L, LaneBits.rev(0x0001020304050607L, 2, 3));
    assertEquals(0x8040201008040201L, LaneBits.rbit(0x0102040810204080L));
  }

  @Test
  void interleavingKeepsTheOrderOfOperands() {
    assertEquals(0xB3A3B2A2B1A1B0A0L, LanePermute.zip(0xA3A2A1A0L, 0xB3B2B1B0L, 0));
    assertEquals(0xB1B1A1A1B0B0A0A0L, LanePermute.zip(0xA1A1A0A0L, 0xB1B1B0B0L, 1));
    assertEquals(0xB6A6B4A4B2A2B0A0L, LanePermute.trn1(0xA7A6A5A4A3A2A1A0L, 0xB7B6B5B4B3B2B1B0L, 0));
    assertEquals(0xB7A7B5A5B3A3B1A1L, LanePermute.trn2(0xA7A6A5A4A3A2A1A0L, 0xB7B6B5B4B3B2B1B0L, 0));
    assertEquals(0xB2B1B0A7A6A5A4A3L, LanePermute.ext(0xA7A6A5A4A3A2A1A0L, 0xB7B6B5B4B3B2B1B0L, 3));
  }

  @Test
  void tableIndicesOutsideGiveTheFallback() {
    long[] v = new long[64];
    v[62] = 0x0706050403020100L;
    v[63] = 0x0F0E0D0C0B0A0908L;
    v[0] = 0x1716151413121110L;
    assertEquals(0xEE_0F_10_EE_07_08_EE_00L, LanePermute.table(v, 31, 2, 0xFF_0F_10_20_07_08_80_00L, 0xEEEEEEEEEEEEEEEEL));
    assertEquals(0x00_0F_00_00_07_08_00_00L, LanePermute.table(v, 31, 1, 0xFF_0F_10_20_07_08_80_00L, 0));
  }

  @Test
  void reductionsAddAndCompareAllLanes() {
    for (int size = 0; size < 3; size++) {
      long a = LaneOperationsTest.operand(random, size);
      long signed = 0;
      long unsigned = 0;
      long most = Long.MIN_VALUE;
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 8 >> size; i++) {
        signed += LaneReference.signed(a, i, size).longValue();
        unsigned += LaneReference.unsigned(a, i, size).longValue();
        most = Math.max(most, LaneReference.signed(a, i, size).longValue());
        least = Math.min(least, LaneReference.unsigned(a, i, size).longValue());
      }
      assertEquals(signed, LaneReduction.sum(a, size, true));
      assertEquals(unsigned, LaneReduction.sum(a, size, false));
      assertEquals(most, LaneReduction.max(a, size, true));
      assertEquals(least, LaneReduction.min(a, size, false));
    }
    assertEquals(0x017E_01FE_0000_00FFL, LaneReduction.pairs(0x80FE_FFFF_0000_FF00L, 0, false));
    assertEquals(0xFF7E_FFFE_0000_FFFFL, LaneReduction.pairs(0x80FE_FFFF_0000_FF00L, 0, true));
  }
}
