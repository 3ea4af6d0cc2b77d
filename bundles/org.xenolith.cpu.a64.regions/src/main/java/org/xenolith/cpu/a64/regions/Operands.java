// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;

/** Register numbers as a {@link Frame} has them: 31 is SP. */
final class Operands {
  private Operands() {}

  /** Number 31 as a source that is XZR. */
  static int source(int number) {
    return number == 31 ? Cpu.ZERO : number;
  }

  /** Number 31 as a target that is XZR. */
  static int target(int number) {
    return number == 31 ? Cpu.SINK : number;
  }
}
