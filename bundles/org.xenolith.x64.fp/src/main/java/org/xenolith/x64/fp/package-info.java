// SPDX-License-Identifier: EPL-2.0
/**
 * Floating-point arithmetic of x86-64, exact in every result bit and every exception flag with one exception, as static functions on raw bits. Nothing is
 * allocated, thrown or kept. Sources: Intel SDM vol. 1, 4.8, 4.9, chapters 8, 10 and 11; vol. 2 for each instruction.
 *
 * <h2>SSE</h2>
 * {@link org.xenolith.x64.fp.Sse64} takes doubles in a {@code long}, {@link org.xenolith.x64.fp.Sse32} singles in an {@code int}; packed
 * instructions call them lane by lane. The first operand is the destination. {@code mxcsr} is the register's value, of which the
 * functions read DAZ, FTZ, RC and the masks; flags go to the CPU's {@link org.xenolith.x64.fp.SseStatus}, which says how #XM comes about.
 *
 * <p>With all exceptions masked, to nearest, without DAZ and FTZ, normal operands take the host's own arithmetic, which Java defines to be
 * IEEE 754's. Inexactness is looked for only while PE is clear, by an exact residual. The rest goes through integers.
 *
 * <h2>x87</h2>
 * Operands are pairs of sign with exponent and significand, results and status bits go to an {@link org.xenolith.x64.fp.X87Result}. The
 * transcendental functions ({@link org.xenolith.x64.fp.X87Trigonometric}, {@link org.xenolith.x64.fp.X87Logarithm}) are the exception to
 * being exact in every bit: processors approximate them within one of the last place, each in its way; ours are correctly rounded.
 */
package org.xenolith.x64.fp;
