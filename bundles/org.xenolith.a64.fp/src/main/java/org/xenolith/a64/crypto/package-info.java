// SPDX-License-Identifier: EPL-2.0
/**
 * The AArch64 cryptographic and CRC instructions (FEAT_AES, FEAT_PMULL, FEAT_SHA1, FEAT_SHA256, FEAT_CRC32) as static
 * functions. A 128-bit register is two longs, low (bits 63:0) and high; 128-bit results that need both halves at once
 * go to {@code out[at]} (low) and {@code out[at + 1]} (high), which may be the register file that the operands came from.
 *
 * <pre>{@code
 * Aes:        long aese(long near, long far)      low = aese(dl ^ nl, dh ^ nh); high = aese(dh ^ nh, dl ^ nl); aesd alike
 *             long aesmc(long half), long aesimc(long half)
 * Sha1:       void sha1c|sha1p|sha1m(long dLow, long dHigh, int n, long mLow, long mHigh, long[] out, int at)
 *             int sha1h(int n)
 *             void sha1su0(long dLow, long dHigh, long nLow, long mLow, long mHigh, long[] out, int at)
 *             void sha1su1(long dLow, long dHigh, long nLow, long nHigh, long[] out, int at)
 * Sha256:     void sha256h|sha256h2|sha256su1(long dLow, long dHigh, long nLow, long nHigh, long mLow, long mHigh, long[] out, int at)
 *             void sha256su0(long dLow, long dHigh, long nLow, long nHigh, long[] out, int at)
 * Polynomial: long low(long a, long b), long high(long a, long b)   PMULL Vd.1Q; int multiply8(int a, int b)   PMULL Vd.8H, PMUL
 * Crc32:      int crc32b|crc32h|crc32w(int acc, int value), int crc32x(int acc, long value); crc32cb ... crc32cx alike
 * }</pre>
 */
package org.xenolith.a64.crypto;
