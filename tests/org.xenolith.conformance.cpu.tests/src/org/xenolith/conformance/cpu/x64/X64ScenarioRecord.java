// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

/** A scenario as its program has it in memory. */
interface X64ScenarioRecord {
  /**
   * The bytes, of all scenarios of a program as many.
   *
   * @param peer whether QEMU executes them, where what it is known to do otherwise than the manual may be made of something else
   */
  byte[] record(boolean peer);

  /** The code, and what is otherwise than usual, for a report. */
  String told();
}
