// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The driver of the controller to which devices' interrupt lines go, for the hypervisor's own drivers of devices: the role that {@link HostInterruptsPort} is for. */
@ConsumerType
public interface HostInterrupts {
  /**
   * Somebody claimed an input at the port, or gave it back: enables or disables it.
   *
   * @param input of the controller, as the topology counts them
   * @param edge  whether it is edge-triggered
   */
  void hostInterrupt(int input, boolean edge, boolean on);
}
