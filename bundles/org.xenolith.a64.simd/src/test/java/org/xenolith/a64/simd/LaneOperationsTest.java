// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xenolith.a64.fp.FpStatus;

/** The functions on whole halves against one lane at a time in unbounded arithmetic. */
class LaneOperationsTest {
  private static final long SEED = 0x5EED_1A7EL;
  private static final int ROUNDS = 800;

  @FunctionalInterface
  interface Whole {
    long apply(long a, long b, int size, FpStatus status);
  }

  /** Values of the lanes of both operands; which of them is meant as signed is the lambda's business. */
  @FunctionalInterface
  interface Lane {
    BigInteger apply(BigInteger ua, BigInteger ub, BigInteger sa, BigInteger sb, LaneReference r);
  }

  record Case(String name, int sizes, Whole whole, Lane lane) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final int ALL = 15;
  private static final int TO_WORD = 7;

  static Stream<Case> cases() {
    return Stream.of(
        new Case("add", ALL, (a, b, z, s) -> LaneArithmetic.add(a, b, z), (ua, ub, sa, sb, r) -> ua.add(ub)),
        new Case("sub", ALL, (a, b, z, s) -> LaneArithmetic.sub(a, b, z), (ua, ub, sa, sb, r) -> ua.subtract(ub)),
        new Case("neg", ALL, (a, b, z, s) -> LaneArithmetic.neg(a, z), (ua, ub, sa, sb, r) -> sa.negate()),
        new Case("abs", ALL, (a, b, z, s) -> LaneArithmetic.abs(a, z), (ua, ub, sa, sb, r) -> sa.abs()),
        new Case("mul", ALL, (a, b, z, s) -> LaneArithmetic.mul(a, b, z), (ua, ub, sa, sb, r) -> ua.multiply(ub)),
        new Case("uhadd", TO_WORD, (a, b, z, s) -> LaneArithmetic.uhadd(a, b, z),
            (ua, ub, sa, sb, r) -> ua.add(ub).shiftRight(1)),
        new Case("shadd", TO_WORD, (a, b, z, s) -> LaneArithmetic.shadd(a, b, z),
            (ua, ub, sa, sb, r) -> sa.add(sb).shiftRight(1)),
        new Case("urhadd", TO_WORD, (a, b, z, s) -> LaneArithmetic.urhadd(a, b, z),
            (ua, ub, sa, sb, r) -> ua.add(ub).add(BigInteger.ONE).shiftRight(1)),
        new Case("srhadd", TO_WORD, (a, b, z, s) -> LaneArithmetic.srhadd(a, b, z),
            (ua, ub, sa, sb, r) -> sa.add(sb).add(BigInteger.ONE).shiftRight(1)),
        new Case("uhsub", TO_WORD, (a, b, z, s) -> LaneArithmetic.uhsub(a, b, z),
            (ua, ub, sa, sb, r) -> ua.subtract(ub).shiftRight(1)),
        new Case("shsub", TO_WORD, (a, b, z, s) -> LaneArithmetic.shsub(a, b, z),
            (ua, ub, sa, sb, r) -> sa.subtract(sb).shiftRight(1)),
        new Case("uabd", ALL, (a, b, z, s) -> LaneArithmetic.uabd(a, b, z), (ua, ub, sa, sb, r) -> ua.subtract(ub).abs()),
        new Case("sabd", ALL, (a, b, z, s) -> LaneArithmetic.sabd(a, b, z), (ua, ub, sa, sb, r) -> sa.subtract(sb).abs()),
        new Case("eq", ALL, (a, b, z, s) -> LaneCompare.eq(a, b, z), (ua, ub, sa, sb, r) -> r.mask(ua.equals(ub))),
        new Case("tst", ALL, (a, b, z, s) -> LaneCompare.tst(a, b, z),
            (ua, ub, sa, sb, r) -> r.mask(ua.and(ub).signum() != 0)),
        new Case("lo", ALL, (a, b, z, s) -> LaneCompare.lo(a, b, z), (ua, ub, sa, sb, r) -> r.mask(ua.compareTo(ub) < 0)),
        new Case("hi", ALL, (a, b, z, s) -> LaneCompare.hi(a, b, z), (ua, ub, sa, sb, r) -> r.mask(ua.compareTo(ub) > 0)),
        new Case("hs", ALL, (a, b, z, s) -> LaneCompare.hs(a, b, z), (ua, ub, sa, sb, r) -> r.mask(ua.compareTo(ub) >= 0)),
        new Case("gt", ALL, (a, b, z, s) -> LaneCompare.gt(a, b, z), (ua, ub, sa, sb, r) -> r.mask(sa.compareTo(sb) > 0)),
        new Case("ge", ALL, (a, b, z, s) -> LaneCompare.ge(a, b, z), (ua, ub, sa, sb, r) -> r.mask(sa.compareTo(sb) >= 0)),
        new Case("negative", ALL, (a, b, z, s) -> LaneCompare.negative(a, z), (ua, ub, sa, sb, r) -> r.mask(sa.signum() < 0)),
        new Case("umax", ALL, (a, b, z, s) -> LaneCompare.umax(a, b, z), (ua, ub, sa, sb, r) -> ua.max(ub)),
        new Case("umin", ALL, (a, b, z, s) -> LaneCompare.umin(a, b, z), (ua, ub, sa, sb, r) -> ua.min(ub)),
        new Case("smax", ALL, (a, b, z, s) -> LaneCompare.smax(a, b, z), (ua, ub, sa, sb, r) -> sa.max(sb)),
        new Case("smin", ALL, (a, b, z, s) -> LaneCompare.smin(a, b, z), (ua, ub, sa, sb, r) -> sa.min(sb)),
        new Case("sqadd", ALL, LaneSaturation::sqadd, (ua, ub, sa, sb, r) -> r.limitSigned(sa.add(sb))),
        new Case("sqsub", ALL, LaneSaturation::sqsub, (ua, ub, sa, sb, r) -> r.limitSigned(sa.subtract(sb))),
        new Case("uqadd", ALL, LaneSaturation::uqadd, (ua, ub, sa, sb, r) -> r.limitUnsigned(ua.add(ub))),
        new Case("uqsub", ALL, LaneSaturation::uqsub, (ua, ub, sa, sb, r) -> r.limitUnsigned(ua.subtract(ub))),
        new Case("suqadd", ALL, LaneSaturation::suqadd, (ua, ub, sa, sb, r) -> r.limitSigned(sa.add(ub))),
        new Case("usqadd", ALL, LaneSaturation::usqadd, (ua, ub, sa, sb, r) -> r.limitUnsigned(ua.add(sb))),
        new Case("sqabs", ALL, (a, b, z, s) -> LaneSaturation.sqabs(a, z, s),
            (ua, ub, sa, sb, r) -> r.limitSigned(sa.abs())),
        new Case("sqneg", ALL, (a, b, z, s) -> LaneSaturation.sqneg(a, z, s),
            (ua, ub, sa, sb, r) -> r.limitSigned(sa.negate())),
        new Case("sqdmulh", 6, (a, b, z, s) -> LaneSaturation.sqdmulh(a, b, z, false, s),
            (ua, ub, sa, sb, r) -> r.limitSigned(sa.multiply(sb).shiftLeft(1).shiftRight(r.bits))),
        new Case("sqrdmulh", 6, (a, b, z, s) -> LaneSaturation.sqdmulh(a, b, z, true, s), (ua, ub, sa, sb, r) -> r.limitSigned(sa.multiply(
            sb).shiftLeft(1).add(BigInteger.ONE.shiftLeft(r.bits - 1)).shiftRight(r.bits))),
        new Case("sshl", ALL, (a, b, z, s) -> LaneShift.sshl(a, b, false, z),
            (ua, ub, sa, sb, r) -> LaneReference.shift(sa, ub.byteValue(), false)),
        new Case("srshl", ALL, (a, b, z, s) -> LaneShift.sshl(a, b, true, z),
            (ua, ub, sa, sb, r) -> LaneReference.shift(sa, ub.byteValue(), true)),
        new Case("ushl", ALL, (a, b, z, s) -> LaneShift.ushl(a, b, false, z),
            (ua, ub, sa, sb, r) -> LaneReference.shift(ua, ub.byteValue(), false)),
        new Case("urshl", ALL, (a, b, z, s) -> LaneShift.ushl(a, b, true, z),
            (ua, ub, sa, sb, r) -> LaneReference.shift(ua, ub.byteValue(), true)),
        new Case("sqshl", ALL, (a, b, z, s) -> LaneShift.sqshl(a, b, false, z, s),
            (ua, ub, sa, sb, r) -> r.limitSigned(LaneReference.shift(sa, ub.byteValue(), false))),
        new Case("sqrshl", ALL, (a, b, z, s) -> LaneShift.sqshl(a, b, true, z, s),
            (ua, ub, sa, sb, r) -> r.limitSigned(LaneReference.shift(sa, ub.byteValue(), true))),
        new Case("uqshl", ALL, (a, b, z, s) -> LaneShift.uqshl(a, b, false, z, s),
            (ua, ub, sa, sb, r) -> r.limitUnsigned(LaneReference.shift(ua, ub.byteValue(), false))),
        new Case("uqrshl", ALL, (a, b, z, s) -> LaneShift.uqshl(a, b, true, z, s),
            (ua, ub, sa, sb, r) -> r.limitUnsigned(LaneReference.shift(ua, ub.byteValue(), true))),
        new Case("clz", ALL, (a, b, z, s) -> LaneBits.clz(a, z),
            (ua, ub, sa, sb, r) -> BigInteger.valueOf(r.bits - ua.bitLength())),
        new Case("cls", ALL, (a, b, z, s) -> LaneBits.cls(a, z),
            (ua, ub, sa, sb, r) -> BigInteger.valueOf(r.bits - 1 - sa.bitLength())),
        new Case("cnt", 1, (a, b, z, s) -> LaneBits.cnt(a), (ua, ub, sa, sb, r) -> BigInteger.valueOf(ua.bitCount())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyLaneIsItsOwnNumber(Case c) {
    Random random = new Random(SEED);
    for (int size = 0; size < 4; size++) {
      if ((c.sizes >> size & 1) == 0) {
        continue;
      }
      for (int i = 0; i < ROUNDS; i++) {
        long a = operand(random, size);
        long b = operand(random, size);
        check(c, a, b, size);
      }
    }
  }

  private static void check(Case c, long a, long b, int size) {
    LaneReference reference = new LaneReference(size);
    BigInteger[] lanes = new BigInteger[8 >> size];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = c.lane.apply(LaneReference.unsigned(a, i, size), LaneReference.unsigned(b, i, size),
          LaneReference.signed(a, i, size), LaneReference.signed(b, i, size), reference);
    }
    FpStatus status = new FpStatus();
    long actual = c.whole.apply(a, b, size, status);
    String where = String.format("%s size %d of %016x, %016x, seed %x", c, size, a, b, SEED);
    assertEquals(Long.toHexString(LaneReference.join(lanes, size)), Long.toHexString(actual), where);
    assertEquals(reference.saturated ? FpStatus.QC : 0, status.fpsr, where + ": FPSR");
  }

  @ParameterizedTest
  @MethodSource("shiftCases")
  void immediateShiftsAreNumbersToo(ShiftCase c) {
    Random random = new Random(SEED);
    for (int size = 0; size < 4; size++) {
      int bits = 8 << size;
      for (int shift = c.right ? 1 : 0; shift <= (c.right ? bits : bits - 1); shift++) {
        for (int i = 0; i < 20; i++) {
          long a = operand(random, size);
          long d = random.nextLong();
          BigInteger[] lanes = new BigInteger[8 >> size];
          LaneReference reference = new LaneReference(size);
          for (int k = 0; k < lanes.length; k++) {
            lanes[k] = c.lane.apply(LaneReference.unsigned(d, k, size), LaneReference.unsigned(a, k, size),
                LaneReference.signed(a, k, size), shift, reference);
          }
          FpStatus status = new FpStatus();
          long actual = c.whole.apply(d, a, shift, size, status);
          String where = String.format("%s #%d size %d of %016x, %016x, seed %x", c, shift, size, d, a, SEED);
          assertEquals(Long.toHexString(LaneReference.join(lanes, size)), Long.toHexString(actual), where);
          assertEquals(reference.saturated ? FpStatus.QC : 0, status.fpsr, where + ": FPSR");
        }
      }
    }
  }

  @FunctionalInterface
  interface WholeShift {
    long apply(long d, long a, int shift, int size, FpStatus status);
  }

  @FunctionalInterface
  interface LaneShifted {
    BigInteger apply(BigInteger d, BigInteger ua, BigInteger sa, int shift, LaneReference r);
  }

  record ShiftCase(String name, boolean right, WholeShift whole, LaneShifted lane) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<ShiftCase> shiftCases() {
    return Stream.of(
        new ShiftCase("shl", false, (d, a, n, z, s) -> LaneShift.shl(a, n, z), (d, ua, sa, n, r) -> ua.shiftLeft(n)),
        new ShiftCase("ushr", true, (d, a, n, z, s) -> LaneShift.ushr(a, n, z), (d, ua, sa, n, r) -> ua.shiftRight(n)),
        new ShiftCase("sshr", true, (d, a, n, z, s) -> LaneShift.sshr(a, n, z), (d, ua, sa, n, r) -> sa.shiftRight(n)),
        new ShiftCase("urshr", true, (d, a, n, z, s) -> LaneShift.urshr(a, n, z),
            (d, ua, sa, n, r) -> LaneReference.shift(ua, -n, true)),
        new ShiftCase("srshr", true, (d, a, n, z, s) -> LaneShift.srshr(a, n, z),
            (d, ua, sa, n, r) -> LaneReference.shift(sa, -n, true)),
        new ShiftCase("sri", true, (d, a, n, z, s) -> LaneShift.sri(d, a, n, z),
            (d, ua, sa, n, r) -> d.shiftRight(r.bits - n).shiftLeft(r.bits - n).or(ua.shiftRight(n))),
        new ShiftCase("sli", false, (d, a, n, z, s) -> LaneShift.sli(d, a, n, z),
            (d, ua, sa, n, r) -> d.mod(BigInteger.ONE.shiftLeft(n)).or(ua.shiftLeft(n))),
        new ShiftCase("sqshlu", false, (d, a, n, z, s) -> LaneShift.sqshlu(a, n, z, s),
            (d, ua, sa, n, r) -> r.limitUnsigned(sa.shiftLeft(n))));
  }

  /** Random bits, with lanes at the ends of their range, small numbers and equal lanes often enough. */
  static long operand(Random random, int size) {
    long value = random.nextLong();
    for (int i = 0; i < 8 >> size; i++) {
      long lane = switch (random.nextInt(8)) {
        case 0 -> 0;
        case 1 -> -1;
        case 2 -> Lanes.mask(size) >>> 1;
        case 3 -> ~(Lanes.mask(size) >>> 1);
        case 4 -> random.nextInt(2 * (8 << size) + 2) - (8 << size) - 1;
        default -> Lanes.lane(value, i, size);
      };
      value = Lanes.insert(value, i, size, lane);
    }
    return value;
  }
}
