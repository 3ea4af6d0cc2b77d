// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import org.xenolith.fuzz.InputBytes;

/** What a guest knows of the devices that it attacks. */
interface PcDriver {
  /** Sets devices up. @param flags the input's first byte; bits 1:0 are the script's own */
  void begin(int flags, PcScript script);

  /** The address of a register; by default any of {@link PcValues#address}. */
  default long register(InputBytes input) {
    return PcValues.address(input);
  }

  /** The number of a model-specific register. */
  int msr(InputBytes input);

  /** Values that mean something to the devices. */
  long[] values();

  /** A step of its own. @param kind 0 to 3 @param more 0 to 7 */
  void step(int kind, int more, InputBytes input, PcScript script);
}
