// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/**
 * Operations on the lanes of 64 bits, which don't cross them: MMX has one such word, SSE two (Intel SDM volume 2, the instructions' pages). {@code a} is the
 * destination, {@code b} the source.
 */
public final class PackedLanes {
  private static final long SIGNS8 = 0x8080_8080_8080_8080L;
  private static final long SIGNS16 = 0x8000_8000_8000_8000L;
  private static final long SIGNS32 = 0x8000_0000_8000_0000L;

  private PackedLanes() {}

  private static long add(long a, long b, long signs) {
    return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
  }

  private static long sub(long a, long b, long signs) {
    return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
  }

  /** PADDB. */
  public static long paddb(long a, long b) {
    return add(a, b, SIGNS8);
  }

  /** PADDW. */
  public static long paddw(long a, long b) {
    return add(a, b, SIGNS16);
  }

  /** PADDD. */
  public static long paddd(long a, long b) {
    return add(a, b, SIGNS32);
  }

  /** PADDQ. */
  public static long paddq(long a, long b) {
    return a + b;
  }

  /** PSUBB. */
  public static long psubb(long a, long b) {
    return sub(a, b, SIGNS8);
  }

  /** PSUBW. */
  public static long psubw(long a, long b) {
    return sub(a, b, SIGNS16);
  }

  /** PSUBD. */
  public static long psubd(long a, long b) {
    return sub(a, b, SIGNS32);
  }

  /** PSUBQ. */
  public static long psubq(long a, long b) {
    return a - b;
  }

  /** PAND. */
  public static long pand(long a, long b) {
    return a & b;
  }

  /** PANDN. */
  public static long pandn(long a, long b) {
    return ~a & b;
  }

  /** POR. */
  public static long por(long a, long b) {
    return a | b;
  }

  /** PXOR. */
  public static long pxor(long a, long b) {
    return a ^ b;
  }

  // ---- Saturation

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }

  private static long s8(long word, int at) {
    return (byte) (word >>> at);
  }

  private static long u8(long word, int at) {
    return word >>> at & 0xFF;
  }

  private static long s16(long word, int at) {
    return (short) (word >>> at);
  }

  private static long u16(long word, int at) {
    return word >>> at & 0xFFFF;
  }

  private static long s32(long word, int at) {
    return (int) (word >>> at);
  }

  private static long u32(long word, int at) {
    return word >>> at & 0xFFFF_FFFFL;
  }

  /** PADDSB. */
  public static long paddsb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= (clamp(s8(a, i) + s8(b, i), Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF) << i;
    }
    return z;
  }

  /** PADDSW. */
  public static long paddsw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (clamp(s16(a, i) + s16(b, i), Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF) << i;
    }
    return z;
  }

  /** PADDUSB. */
  public static long paddusb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= Math.min(0xFF, u8(a, i) + u8(b, i)) << i;
    }
    return z;
  }

  /** PADDUSW. */
  public static long paddusw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= Math.min(0xFFFF, u16(a, i) + u16(b, i)) << i;
    }
    return z;
  }

  /** PSUBSB. */
  public static long psubsb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= (clamp(s8(a, i) - s8(b, i), Byte.MIN_VALUE, Byte.MAX_VALUE) & 0xFF) << i;
    }
    return z;
  }

  /** PSUBSW. */
  public static long psubsw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (clamp(s16(a, i) - s16(b, i), Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF) << i;
    }
    return z;
  }

  /** PSUBUSB. */
  public static long psubusb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= Math.max(0, u8(a, i) - u8(b, i)) << i;
    }
    return z;
  }

  /** PSUBUSW. */
  public static long psubusw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= Math.max(0, u16(a, i) - u16(b, i)) << i;
    }
    return z;
  }

  // ---- Averages, minima and maxima

  /** PAVGB. */
  public static long pavgb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= u8(a, i) + u8(b, i) + 1 >> 1 << i;
    }
    return z;
  }

  /** PAVGW. */
  public static long pavgw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= u16(a, i) + u16(b, i) + 1 >> 1 << i;
    }
    return z;
  }

  /** PMINUB. */
  public static long pminub(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= Math.min(u8(a, i), u8(b, i)) << i;
    }
    return z;
  }

  /** PMAXUB. */
  public static long pmaxub(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= Math.max(u8(a, i), u8(b, i)) << i;
    }
    return z;
  }

  /** PMINSB. */
  public static long pminsb(long a, long b) {
    return pminub(a ^ SIGNS8, b ^ SIGNS8) ^ SIGNS8;
  }

  /** PMAXSB. */
  public static long pmaxsb(long a, long b) {
    return pmaxub(a ^ SIGNS8, b ^ SIGNS8) ^ SIGNS8;
  }

  /** PMINUW. */
  public static long pminuw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= Math.min(u16(a, i), u16(b, i)) << i;
    }
    return z;
  }

  /** PMAXUW. */
  public static long pmaxuw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= Math.max(u16(a, i), u16(b, i)) << i;
    }
    return z;
  }

  /** PMINSW. */
  public static long pminsw(long a, long b) {
    return pminuw(a ^ SIGNS16, b ^ SIGNS16) ^ SIGNS16;
  }

  /** PMAXSW. */
  public static long pmaxsw(long a, long b) {
    return pmaxuw(a ^ SIGNS16, b ^ SIGNS16) ^ SIGNS16;
  }

  /** PMINUD. */
  public static long pminud(long a, long b) {
    return Math.min(u32(a, 0), u32(b, 0)) | Math.min(u32(a, 32), u32(b, 32)) << 32;
  }

  /** PMAXUD. */
  public static long pmaxud(long a, long b) {
    return Math.max(u32(a, 0), u32(b, 0)) | Math.max(u32(a, 32), u32(b, 32)) << 32;
  }

  /** PMINSD. */
  public static long pminsd(long a, long b) {
    return pminud(a ^ SIGNS32, b ^ SIGNS32) ^ SIGNS32;
  }

  /** PMAXSD. */
  public static long pmaxsd(long a, long b) {
    return pmaxud(a ^ SIGNS32, b ^ SIGNS32) ^ SIGNS32;
  }

  // ---- Comparisons: all ones where they hold

  /** PCMPEQB. */
  public static long pcmpeqb(long a, long b) {
    long x = a ^ b;
    long zero = ~((x & ~SIGNS8) + ~SIGNS8 | x) & SIGNS8;
    return (zero >>> 7) * 0xFF;
  }

  /** PCMPEQW. */
  public static long pcmpeqw(long a, long b) {
    long x = a ^ b;
    long zero = ~((x & ~SIGNS16) + ~SIGNS16 | x) & SIGNS16;
    return (zero >>> 15) * 0xFFFF;
  }

  /** PCMPEQD. */
  public static long pcmpeqd(long a, long b) {
    return ((int) a == (int) b ? 0xFFFF_FFFFL : 0) | ((a ^ b) >>> 32 == 0 ? 0xFFFF_FFFFL << 32 : 0);
  }

  /** PCMPEQQ. */
  public static long pcmpeqq(long a, long b) {
    return a == b ? -1 : 0;
  }

  /** PCMPGTB. */
  public static long pcmpgtb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= s8(a, i) > s8(b, i) ? 0xFFL << i : 0;
    }
    return z;
  }

  /** PCMPGTW. */
  public static long pcmpgtw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= s16(a, i) > s16(b, i) ? 0xFFFFL << i : 0;
    }
    return z;
  }

  /** PCMPGTD. */
  public static long pcmpgtd(long a, long b) {
    return ((int) a > (int) b ? 0xFFFF_FFFFL : 0) | (a >> 32 > b >> 32 ? 0xFFFF_FFFFL << 32 : 0);
  }

  /** PCMPGTQ. */
  public static long pcmpgtq(long a, long b) {
    return a > b ? -1 : 0;
  }

  // ---- Products

  /** PMULLW. */
  public static long pmullw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (u16(a, i) * u16(b, i) & 0xFFFF) << i;
    }
    return z;
  }

  /** PMULHW. */
  public static long pmulhw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (s16(a, i) * s16(b, i) >> 16 & 0xFFFF) << i;
    }
    return z;
  }

  /** PMULHUW. */
  public static long pmulhuw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (u16(a, i) * u16(b, i) >> 16 & 0xFFFF) << i;
    }
    return z;
  }

  /** PMULHRSW. */
  public static long pmulhrsw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= ((s16(a, i) * s16(b, i) >> 14) + 1 >> 1 & 0xFFFF) << i;
    }
    return z;
  }

  /** PMULLD. */
  public static long pmulld(long a, long b) {
    return (long) ((int) a * (int) b) & 0xFFFF_FFFFL | (a >> 32) * (b >> 32) << 32;
  }

  /** PMULUDQ. */
  public static long pmuludq(long a, long b) {
    return u32(a, 0) * u32(b, 0);
  }

  /** PMULDQ. */
  public static long pmuldq(long a, long b) {
    return s32(a, 0) * s32(b, 0);
  }

  /** PMADDWD. */
  public static long pmaddwd(long a, long b) {
    long low = s16(a, 0) * s16(b, 0) + s16(a, 16) * s16(b, 16);
    long high = s16(a, 32) * s16(b, 32) + s16(a, 48) * s16(b, 48);
    return low & 0xFFFF_FFFFL | high << 32;
  }

  /** PMADDUBSW: unsigned bytes of the destination by signed ones of the source. */
  public static long pmaddubsw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      long sum = u8(a, i) * s8(b, i) + u8(a, i + 8) * s8(b, i + 8);
      z |= (clamp(sum, Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF) << i;
    }
    return z;
  }

  /** PSADBW. */
  public static long psadbw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z += Math.abs(u8(a, i) - u8(b, i));
    }
    return z;
  }

  // ---- Signs

  /** PABSB. */
  public static long pabsb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= (Math.abs(s8(b, i)) & 0xFF) << i;
    }
    return z;
  }

  /** PABSW. */
  public static long pabsw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (Math.abs(s16(b, i)) & 0xFFFF) << i;
    }
    return z;
  }

  /** PABSD. */
  public static long pabsd(long a, long b) {
    return Math.abs(s32(b, 0)) & 0xFFFF_FFFFL | Math.abs(s32(b, 32)) << 32;
  }

  /** PSIGNB. */
  public static long psignb(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      z |= (s8(a, i) * Long.signum(s8(b, i)) & 0xFF) << i;
    }
    return z;
  }

  /** PSIGNW. */
  public static long psignw(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 16) {
      z |= (s16(a, i) * Long.signum(s16(b, i)) & 0xFFFF) << i;
    }
    return z;
  }

  /** PSIGND. */
  public static long psignd(long a, long b) {
    return s32(a, 0) * Long.signum(s32(b, 0)) & 0xFFFF_FFFFL | s32(a, 32) * Long.signum(s32(b, 32)) << 32;
  }

  /** PMOVMSKB of one word: the signs of its bytes, 8 bits. */
  public static int pmovmskb(long a) {
    return (int) ((a & SIGNS8) * 0x0002_0408_1020_4081L >>> 56);
  }
}
