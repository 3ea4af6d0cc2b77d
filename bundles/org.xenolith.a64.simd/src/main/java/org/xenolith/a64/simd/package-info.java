// SPDX-License-Identifier: EPL-2.0
/**
 * Advanced SIMD and scalar floating point of AArch64, exact (Arm ARM DDI 0487, C7 and shared/functions/vector). Two layers:
 *
 * <p>{@link org.xenolith.a64.simd.Lanes} and the {@code Lane…} classes are static functions on 64-bit halves of vector
 * registers. A half is a {@code long} with lanes from the least significant bit up; {@code size} is the lane's size as a power of
 * two of bytes, 0 to 3, like the {@code size} field of the encodings. Nearly all work on all lanes of a half at once.
 *
 * <p>{@link org.xenolith.a64.simd.VectorOperations} turns an instruction word whose operands are vector registers only into a
 * {@link org.xenolith.a64.simd.VectorOperation} on a vector register file. Engines that want more speed for a form call the
 * static functions themselves.
 *
 * <p>A 64-bit result clears the upper half of its register. Saturation sets {@code QC} in the
 * {@link org.xenolith.a64.fp.FpStatus} that is passed along.
 */
package org.xenolith.a64.simd;
