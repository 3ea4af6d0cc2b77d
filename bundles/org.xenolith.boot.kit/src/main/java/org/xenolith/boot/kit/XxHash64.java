// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The checksum of zstd's frames (RFC 8878, 3.1.1; XXH64 of the xxHash specification, with seed 0). */
final class XxHash64 {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long P1 = 0x9E37_79B1_85EB_CA87L;
  private static final long P2 = 0xC2B2_AE3D_27D4_EB4FL;
  private static final long P3 = 0x1656_67B1_9E37_79F9L;
  private static final long P4 = 0x85EB_CA77_C2B2_AE63L;
  private static final long P5 = 0x27D4_EB2F_1656_67C5L;
  private static final int STRIPE = 32;

  private final byte[] rest = new byte[STRIPE];
  private int there;
  private long total;
  private long a = P1 + P2;
  private long b = P2;
  private long c;
  private long d = -P1;

  void update(byte[] bytes, int from, int length) {
    total += length;
    int at = from;
    int end = from + length;
    if (there > 0) {
      int some = Math.min(STRIPE - there, length);
      System.arraycopy(bytes, at, rest, there, some);
      there += some;
      at += some;
      if (there < STRIPE) {
        return;
      }
      stripe(rest, 0);
      there = 0;
    }
    for (; end - at >= STRIPE; at += STRIPE) {
      stripe(bytes, at);
    }
    there = end - at;
    System.arraycopy(bytes, at, rest, 0, there);
  }

  private void stripe(byte[] bytes, int at) {
    a = round(a, (long) LONG.get(bytes, at));
    b = round(b, (long) LONG.get(bytes, at + 8));
    c = round(c, (long) LONG.get(bytes, at + 16));
    d = round(d, (long) LONG.get(bytes, at + 24));
  }

  private static long round(long sum, long word) {
    return Long.rotateLeft(sum + word * P2, 31) * P1;
  }

  private static long merge(long hash, long sum) {
    return (hash ^ round(0, sum)) * P1 + P4;
  }

  /** The checksum of all so far. */
  long digest() {
    long hash = P5;
    if (total >= STRIPE) {
      hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    }
    hash += total;
    int at = 0;
    for (; there - at >= 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(rest, at)), 27) * P1 + P4;
    }
    if (there - at >= 4) {
      hash = Long.rotateLeft(hash ^ ((int) INT.get(rest, at) & 0xFFFF_FFFFL) * P1, 23) * P2 + P3;
      at += 4;
    }
    for (; at < there; at++) {
      hash = Long.rotateLeft(hash ^ (rest[at] & 0xFFL) * P5, 11) * P1;
    }
    hash = (hash ^ hash >>> 33) * P2;
    hash = (hash ^ hash >>> 29) * P3;
    return hash ^ hash >>> 32;
  }
}
