// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/**
 * How a processor reads code: the default sizes that the code segment gives, and whether it is in real mode.
 * Compatibility mode decodes like protected mode. Virtual-8086 mode decodes like real mode. Source: Intel SDM vol. 1, 3.3 and 3.6.
 */
public enum DecodeMode {
  /** Real-address mode; 16-bit. */
  REAL(16),
  /** Protected or compatibility mode, code segment with D = 0. */
  PROTECTED_16(16),
  /** Protected or compatibility mode, code segment with D = 1. */
  PROTECTED_32(32),
  /** 64-bit mode. */
  LONG_64(64);

  private final int addressSize;

  DecodeMode(int addressSize) {
    this.addressSize = addressSize;
  }

  /** The address size without a prefix, in bits. */
  public int addressSize() {
    return addressSize;
  }

  /** The operand size without a prefix, in bits. */
  public int operandSize() {
    return addressSize == 64 ? 32 : addressSize;
  }
}
