// SPDX-License-Identifier: EPL-2.0
/**
 * AArch64 floating-point arithmetic, exact in every result bit and every cumulative flag (Arm ARM DDI 0487,
 * shared/functions/float), as static functions on raw bits. Nothing is allocated, thrown or kept; interpreter and
 * translator call the same code.
 *
 * <h2>Conventions</h2>
 * Doubles are {@code long}, singles {@code int}, halves the low 16 bits of an {@code int}. {@code fpcr} is the register's
 * value ({@link org.xenolith.a64.fp.Fpcr}: RMode, FZ, DN, AHP, FZ16; traps are RAZ). {@code status} is the CPU's
 * {@link org.xenolith.a64.fp.FpStatus}, whose {@code fpsr} collects IOC, DZC, OFC, UFC, IXC and IDC. Rounding modes are
 * those of {@link org.xenolith.a64.fp.Rounding}. Advanced SIMD calls the same functions, lane by lane.
 *
 * <h2>Signatures</h2>
 * With {@code T} = {@code long} in {@link org.xenolith.a64.fp.Fp64}, {@code int} in {@link org.xenolith.a64.fp.Fp32} and
 * {@link org.xenolith.a64.fp.Fp16}:
 *
 * <pre>{@code
 * T add|sub|abd|mul|mulx|nmul|div|max|min|maxnm|minnm|recps|rsqrts(T n, T m, int fpcr, FpStatus status)
 * T cmeq|cmge|cmgt|acge|acgt(T n, T m, int fpcr, FpStatus status)        all ones or zero; half: 0xFFFF or zero
 * T madd|msub|nmadd|nmsub(T n, T m, T a, int fpcr, FpStatus status)      FMLA: madd(n, m, d); FMLS: msub(n, m, d)
 * T sqrt|recpe|rsqrte|recpx|rinti|rintx(T n, int fpcr, FpStatus status)
 * T rint(T n, int mode, int fpcr, FpStatus status)                       FRINT[NPMZA]
 * T abs|neg(T n)
 * int cmp|cmpe(T n, T m, int fpcr, FpStatus status)                      NZCV nibble, N is bit 3
 * long toSigned|toUnsigned(T n, int width, int fbits, int mode, int fpcr, FpStatus status)
 * T fromSigned|fromUnsigned(long value, int fbits, int fpcr, FpStatus status)
 *
 * FpConvert:   long singleToDouble(int n, int fpcr, FpStatus status)     halfToDouble alike
 *              int doubleToSingle(long n, int fpcr, FpStatus status)     doubleToSingleOdd, doubleToHalf alike
 *              int halfToSingle(int n, int fpcr, FpStatus status)        singleToHalf alike
 * FpImmediate: long toDouble(int imm8); int toSingle(int imm8); int toHalf(int imm8)
 * FpEstimate:  int urecpe(int n); int ursqrte(int n)
 * }</pre>
 *
 * <h2>Fast paths</h2>
 * While RMode is nearest-even and FZ is clear, single and double precision use the host's arithmetic, which Java defines
 * to be IEEE 754's, provided the result shows that only inexactness is left to find out: finite, and where rounding could
 * hide an underflow, above the smallest normal number. Inexactness is looked for only while IXC is clear, by an exact
 * residual. Everything else goes through integer arithmetic.
 */
package org.xenolith.a64.fp;
