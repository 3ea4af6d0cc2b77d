// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;

/**
 * A kind of PCI host bridge that boards can be had with: a service of the bundle that models it. The service's property {@link #NAME}
 * is the value by which it is asked for; a board offers every kind that is installed.
 */
@ConsumerType
public interface HostBridgeKind {
  /** Service property: the name of the kind, lower-case words joined by {@code -}. */
  String NAME = "xenolith.host-bridge";

  /** What the bridge's node says it is, most specific first. */
  List<String> compatible();

  /** Bytes of the bridge's first window: its configuration space, or the registers by which it makes configuration cycles. */
  long configurationBytes();

  /** Properties of the bridge's node besides those that every host bridge has; one of the same name takes their place. */
  default List<FdtProperty> properties() {
    return List.of();
  }

  /**
   * The board's tree with this bridge in the place of the generic one. A bridge that needs more than the defaults give, as nodes
   * beside its own or other windows, does it here.
   *
   * @throws PlatformException if the board can't have it so; the message says what is possible, without naming board or kind
   */
  default Fdt place(HostBridgeSite site) {
    return site.withBridge(this);
  }
}
