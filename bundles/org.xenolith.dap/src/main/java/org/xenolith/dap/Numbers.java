// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import org.xenolith.command.kit.WrittenNumber;

/** Numbers and references to memory as clients write them. */
final class Numbers {
  private static final String PHYSICAL = "physical:";

  private Numbers() {}

  /** A number, decimal or with 0x hexadecimal. */
  static long of(String text) {
    return WrittenNumber.word(text.strip()).orElseThrow(() -> new RequestRefused("'" + text
        + "' is no number of 64 bits: expected decimal digits, or 0x and hexadecimal ones"));
  }

  /**
   * An address that is referred to.
   *
   * @param physical whether it is a physical one
   * @param address  it
   */
  record Reference(boolean physical, long address) {
    @Override
    public String toString() {
      return (physical ? PHYSICAL : "") + "0x" + Long.toHexString(address);
    }

    Reference plus(Integer offset) {
      return new Reference(physical, address + (offset == null ? 0 : offset));
    }
  }

  static Reference reference(String text) {
    return text.startsWith(PHYSICAL) ? new Reference(true, of(text.substring(PHYSICAL.length()))) : new Reference(false, of(text));
  }
}
