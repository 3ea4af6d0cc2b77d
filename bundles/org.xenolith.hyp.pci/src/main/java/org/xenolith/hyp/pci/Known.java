// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.PciFunction;

/** A function that is known. */
final class Known {
  final int sbdf;
  /** Path of its host bridge's node. */
  final String bridge;
  final int flags;
  final int physical;
  /** Serial of the domain that has it; 0 for nobody. */
  int owner;
  int guestSbdf;
  boolean assignable;

  Known(int sbdf, String bridge, int flags, int physical) {
    this.sbdf = sbdf;
    this.bridge = bridge;
    this.flags = flags;
    this.physical = physical;
    guestSbdf = sbdf;
  }

  PciFunction at(HostBridgePort port) {
    return new PciFunction(sbdf, port, owner, guestSbdf, assignable);
  }
}
