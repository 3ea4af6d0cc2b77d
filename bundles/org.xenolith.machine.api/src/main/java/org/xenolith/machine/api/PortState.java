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
}
