// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpStatus;

/** Narrowing with saturation: lanes of twice {@code size} (0 to 2) in two halves to lanes of {@code size} in one. */
public final class LaneNarrow {
  private LaneNarrow() {}

  /** SQXTN. */
  public static long sqxtn(long low, long high, int size, FpStatus status) {
    return signedHalf(low, size, status) | signedHalf(high, size, status) << 32;
  }

  /** UQXTN. */
  public static long uqxtn(long low, long high, int size, FpStatus status) {
    return unsignedHalf(low, size, status) | unsignedHalf(high, size, status) << 32;
  }

  /** SQXTUN: from signed to unsigned. */
  public static long sqxtun(long low, long high, int size, FpStatus status) {
    return unsignedFromSignedHalf(low, size, status) | unsignedFromSignedHalf(high, size, status) << 32;
  }

  private static long signedHalf(long a, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += 2 * bits) {
      long value = Lanes.signed(a >>> i, size + 1);
      if (Lanes.signed(value, size) != value) {
        value = value < 0 ? ~(mask >>> 1) : mask >>> 1;
        status.fpsr |= FpStatus.QC;
      }
      r |= (value & mask) << i / 2;
    }
    return r;
  }

  private static long unsignedHalf(long a, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += 2 * bits) {
      long value = Lanes.unsigned(a >>> i, size + 1);
      if (value != (value & mask)) {
        value = mask;
        status.fpsr |= FpStatus.QC;
      }
      r |= value << i / 2;
    }
    return r;
  }

  private static long unsignedFromSignedHalf(long a, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += 2 * bits) {
      long value = Lanes.signed(a >>> i, size + 1);
      if (value != (value & mask)) {
        value = value < 0 ? 0 : mask;
        status.fpsr |= FpStatus.QC;
      }
      r |= value << i / 2;
    }
    return r;
  }
}
