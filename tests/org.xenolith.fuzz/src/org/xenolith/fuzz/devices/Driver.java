// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** What a guest does to the devices of one attack: how it sets them up, and how it attacks them afterwards. */
interface Driver {
  /**
   * Writes down what sets the devices up. An object that only attacks is told, too, so that it knows how things are: what it writes
   * down is then thrown away.
   *
   * @param machine to be set up, or null
   */
  void prepare(Machine machine, Script script);

  /** The input's first byte. */
  default void begin(int flags, Script script) {}

  /** The address of a register. */
  long register(InputBytes input);

  /** Values that mean something to the devices. */
  long[] values();

  /** A step of its own. @param kind 0 to 7 @param more 0 to 15 */
  void step(int kind, int more, InputBytes input, Script script);

  /** Whether devices take addresses from memory in the other order of bytes, too. */
  default boolean bigEndian() {
    return false;
  }

  /** What is wrong with the devices afterwards. */
  default java.util.List<String> wrong(AttackedMachine attacked) {
    return java.util.List.of();
  }
}
