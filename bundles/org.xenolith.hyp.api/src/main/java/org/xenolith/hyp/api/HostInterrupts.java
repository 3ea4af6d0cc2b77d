// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** The driver of the controller to which devices' interrupt lines go, for the hypervisor's own drivers of devices: the role that {@link HostInterruptsPort} is for. */
@ConsumerType
public interface HostInterrupts {
  /**
   * An input of the controller.
   *
   * @param number as the topology counts inputs, from 0
   * @param edge   whether it is edge-triggered
   */
  record Input(int number, boolean edge) {
    /** Refuses negative numbers. */
    public Input {
      if (number < 0) {
        throw new IllegalArgumentException("input " + number + ": expected 0 or more");
      }
    }
  }

  /**
   * Somebody claimed an input at the port, or gave it back: enables or disables it.
   *
   * @param input of the controller, as the topology counts them
   * @param edge  whether it is edge-triggered
   */
  void hostInterrupt(int input, boolean edge, boolean on);

  /**
   * Reads the cells by which a device's node names its interrupt, as the binding of this controller has them: how many there are and what each means is no one's business else.
   *
   * @param cells an interrupt specifier (Devicetree Specification 0.4, 2.4)
   * @return null if they name no input that a device's line can go to
   */
  default @Nullable Input input(int[] cells) {
    return null;
  }
}
