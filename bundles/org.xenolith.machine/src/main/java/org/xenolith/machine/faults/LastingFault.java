// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.faults;

/** A fault where it is, until it ends. */
interface LastingFault {
  /** It begins: what a saved one doesn't do again. */
  default void begins() {}

  /** The machine was reset, and its alarms are gone. */
  default void machineReset() {}

  /** It is over, as an input says. */
  void ends();

  /** It goes without being over: another state is put in, or the machine is as at power-on. */
  default void goes() {
    ends();
  }

  /** What a snapshot must have of it, in a line. */
  default String saved() {
    return "";
  }

  /** Goes on from what was {@link #saved}. */
  default void restore(String saved) {}
}
