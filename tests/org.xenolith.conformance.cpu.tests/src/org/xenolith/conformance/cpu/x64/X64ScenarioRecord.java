// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

/** A scenario as its program has it in memory. */
interface X64ScenarioRecord {
  /** Bytes of each. */
  int SIZE = 512;

  /** The {@link #SIZE} bytes. */
  byte[] record();

  /** The code, and what is otherwise than usual, for a report. */
  String told();
}
