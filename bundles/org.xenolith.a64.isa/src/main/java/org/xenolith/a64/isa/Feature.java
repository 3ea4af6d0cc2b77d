// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** What an encoding needs beyond the base: an architectural extension that an implementation may lack. Source: Arm ARM, A2. */
public enum Feature {
  /** Every ARMv8.0 implementation has it. */
  BASE,
  /** Scalar floating point. */
  FP,
  /** Advanced SIMD. */
  ASIMD,
  /** FEAT_CRC32. */
  CRC32,
  /** FEAT_AES. */
  AES,
  /** FEAT_PMULL: the 64-bit polynomial multiply. */
  PMULL,
  /** FEAT_SHA1. */
  SHA1,
  /** FEAT_SHA256. */
  SHA2,
  /** FEAT_LSE: compare and swap, swap, load-operate. */
  LSE,
  /** FEAT_LOR: limited ordering regions. */
  LOR,
  /** FEAT_PAN: the PSTATE.PAN bit. */
  PAN,
  /** FEAT_UAO: the PSTATE.UAO bit. */
  UAO,
  /** FEAT_LRCPC: weaker acquire loads. */
  LRCPC
}
