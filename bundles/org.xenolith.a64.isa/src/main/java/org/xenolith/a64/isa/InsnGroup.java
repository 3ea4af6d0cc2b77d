// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Coarse classes of encodings, by what an engine does with them. */
public enum InsnGroup {
  /** Data processing with an immediate. */
  DP_IMM,
  /** Data processing on registers, CRC32 included. */
  DP_REG,
  /** Branches, exception return included. */
  BRANCH,
  /** Exception generation. */
  EXCEPTION,
  /** Hints, barriers, system registers and system operations. */
  SYSTEM,
  /** Loads and stores of general registers, and prefetch. */
  LOAD_STORE,
  /** Exclusive and ordered accesses. */
  EXCLUSIVE,
  /** Single-copy atomic read-modify-write. */
  ATOMIC,
  /** Loads and stores of one or two SIMD and floating-point registers. */
  LOAD_STORE_FP,
  /** Loads and stores of SIMD structures. */
  LOAD_STORE_SIMD,
  /** Scalar floating point. */
  FP,
  /** Advanced SIMD on vectors. */
  ASIMD,
  /** Advanced SIMD on scalars in SIMD registers. */
  ASIMD_SCALAR,
  /** AES and SHA. */
  CRYPTO
}
