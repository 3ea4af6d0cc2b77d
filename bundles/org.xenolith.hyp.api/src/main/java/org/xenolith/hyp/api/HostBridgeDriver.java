// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;

/**
 * The hypervisor's driver for host bridges of one kind: driver code, which reaches the hardware by {@code bus} only, never the
 * model itself. A subsystem of its own; it claims at {@link HostBridgesPort}.
 */
@ConsumerType
public interface HostBridgeDriver {
  /** Values of {@code compatible} that it serves. */
  List<String> compatible();

  /**
   * Takes a bridge. The bridge may be without clock or link still: nothing is read or written here.
   *
   * @param node its node
   * @param bus  the hardware
   * @throws HypervisorException if the node lacks what the driver needs; the message says what and how to mend it
   */
  HostBridge open(PlatformNode node, PhysicalBus bus);
}
