// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.regs.DeviceState;

/** A permanent port that holds state: what a guest can come to see, or what a snapshot must remember of the host. */
@ConsumerType
public interface PortState {
  /** The declared state. */
  DeviceState state();

  /**
   * Whether the state is only what the host must know to go on from a snapshot, such as where its files are: then it isn't in the
   * machine's digest, which is the same wherever the machine runs.
   */
  default boolean ofTheHost() {
    return false;
  }

  /**
   * The machine is reset: what belongs to it goes to its reset value, before any model is reset. What belongs to the outside stays, as
   * on hardware: bytes on their way to a serial line, a button that is pressed. Unless this is overridden all of it does.
   */
  default void machineReset() {}
}
