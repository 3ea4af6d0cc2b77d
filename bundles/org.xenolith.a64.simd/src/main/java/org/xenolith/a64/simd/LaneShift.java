// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.simd.Lanes.signs;

import org.xenolith.a64.fp.FpStatus;

/** Shifts by an immediate and by the lanes of another register. */
public final class LaneShift {
  private LaneShift() {}

  /** SHL by 0 to the lane's width less one. */
  public static long shl(long a, int shift, int size) {
    return a << shift & Lanes.replicate(-1L << shift, size);
  }

  /** USHR by 0 to the lane's width. */
  public static long ushr(long a, int shift, int size) {
    if (shift >= 8 << size) {
      return 0;
    }
    return a >>> shift & Lanes.replicate(Lanes.mask(size) >>> shift, size);
  }

  /** SSHR by 0 to the lane's width. */
  public static long sshr(long a, int shift, int size) {
    if (shift >= 8 << size) {
      return LaneCompare.negative(a, size);
    }
    long h = signs(size);
    return LaneArithmetic.sub(ushr(a ^ h, shift, size), h >>> shift, size);
  }

  /** URSHR by 1 to the lane's width: rounds halves up. */
  public static long urshr(long a, int shift, int size) {
    return LaneArithmetic.add(ushr(a, shift, size), ushr(a, shift - 1, size) & Lanes.ones(size), size);
  }

  /** SRSHR by 1 to the lane's width. */
  public static long srshr(long a, int shift, int size) {
    return LaneArithmetic.add(sshr(a, shift, size), ushr(a, shift - 1, size) & Lanes.ones(size), size);
  }

  /** SRI: shifts right and keeps the destination's bits that nothing is shifted into. */
  public static long sri(long d, long n, int shift, int size) {
    return LaneCompare.select(ushr(-1, shift, size), ushr(n, shift, size), d);
  }

  /** SLI: shifts left and keeps the destination's bits that nothing is shifted into. */
  public static long sli(long d, long n, int shift, int size) {
    return LaneCompare.select(shl(-1, shift, size), shl(n, shift, size), d);
  }

  /** SSHL, or SRSHL if {@code rounding}: by the signed low byte of each lane of {@code b}, negative to the right. */
  public static long sshl(long a, long b, boolean rounding, int size) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      int shift = (byte) (b >>> i);
      long value = Lanes.signed(a >>> i, size);
      r |= ((shift < 0 ? right(value, -shift, rounding, bits) : shift < bits ? value << shift : 0) & mask) << i;
    }
    return r;
  }

  /** USHL, or URSHL if {@code rounding}. */
  public static long ushl(long a, long b, boolean rounding, int size) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      int shift = (byte) (b >>> i);
      long value = a >>> i & mask;
      r |= ((shift < 0 ? unsignedRight(value, -shift, rounding, bits) : shift < bits ? value << shift : 0) & mask) << i;
    }
    return r;
  }

  /** SQSHL, or SQRSHL if {@code rounding}. */
  public static long sqshl(long a, long b, boolean rounding, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      int shift = (byte) (b >>> i);
      long value = Lanes.signed(a >>> i, size);
      long lane;
      if (shift < 0) {
        lane = right(value, -shift, rounding, bits);
      } else {
        lane = shift < bits ? value << shift : 0;
        if (shift < bits ? Lanes.signed(lane, size) >> shift != value : value != 0) {
          lane = value < 0 ? ~(mask >>> 1) : mask >>> 1;
          status.fpsr |= FpStatus.QC;
        }
      }
      r |= (lane & mask) << i;
    }
    return r;
  }

  /** UQSHL, or UQRSHL if {@code rounding}. */
  public static long uqshl(long a, long b, boolean rounding, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      int shift = (byte) (b >>> i);
      long value = a >>> i & mask;
      long lane;
      if (shift < 0) {
        lane = unsignedRight(value, -shift, rounding, bits);
      } else {
        lane = shift < bits ? value << shift & mask : 0;
        if (shift < bits ? lane >>> shift != value : value != 0) {
          lane = mask;
          status.fpsr |= FpStatus.QC;
        }
      }
      r |= lane << i;
    }
    return r;
  }

  /** SQSHLU: signed lanes shifted left by an immediate to unsigned ones. */
  public static long sqshlu(long a, int shift, int size, FpStatus status) {
    long negative = LaneCompare.negative(a, size);
    if (negative != 0) {
      status.fpsr |= FpStatus.QC;
    }
    return uqshl(a & ~negative, Lanes.replicate(shift, size), false, size, status);
  }

  private static long right(long value, int shift, boolean rounding, int bits) {
    if (shift >= bits) {
      return rounding ? 0 : value >> 63;
    }
    return (value >> shift) + (rounding ? value >> shift - 1 & 1 : 0);
  }

  private static long unsignedRight(long value, int shift, boolean rounding, int bits) {
    if (shift >= bits) {
      return rounding && shift == bits ? value >>> bits - 1 : 0;
    }
    return (value >>> shift) + (rounding ? value >>> shift - 1 & 1 : 0);
  }
}
