// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Reset and power-off of a machine, as firmware or a device asks for it. Takes effect after the current instruction. */
@ProviderType
public interface PowerPort {
  /** The guest asked to be powered off. */
  void powerOff();

  /** The guest asked for a cold reset. */
  void reset();

  /**
   * The same with a reason.
   *
   * @param why what the guest did, for people: the event of the reset says it
   */
  default void reset(String why) {
    reset();
  }

  /**
   * The guest asked for a warm reset: as {@link #reset(String)}, but RAM keeps what it has, where nothing is loaded over it.
   *
   * @param why what the guest did, for people
   */
  default void warmReset(String why) {
    reset(why);
  }

  /**
   * The guest ended the run with a status of its own, as by a debug-exit device or semihosting: an exit, which is a power-off with a number. Where that isn't
   * built it is a power-off.
   *
   * @param status what the guest gave; 0 is success by convention
   */
  default void exit(int status) {
    powerOff();
  }
}
