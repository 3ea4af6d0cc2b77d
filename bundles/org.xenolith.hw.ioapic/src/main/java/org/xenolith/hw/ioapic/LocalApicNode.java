// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/**
 * The node of the local APICs.
 *
 * @param path its path
 * @param area where messages are written
 */
record LocalApicNode(String path, long area) {
  private static final String COMPATIBLE = "intel,ce4100-lapic";

  /**
   * The one that {@code msi-parent} names (Devicetree binding msi.txt), as the I/O APIC sends message-signalled interrupts; without it the only one of the
   * platform.
   *
   * @throws ModelException if there is none, or it can't be told which
   */
  static LocalApicNode of(DeviceContext context) {
    PlatformNode node;
    try {
      node = RequesterId.message(context.platform(), context.node(), 0).map(RequesterId::at).orElse(null);
    } catch (PlatformException broken) {
      throw new ModelException(broken.getMessage());
    }
    if (node == null) {
      List<PlatformNode> all = context.platform().nodes().stream().filter(n -> n.enabled() && n.isCompatible(COMPATIBLE)).toList();
      if (all.size() != 1) {
        throw new ModelException(context.instance() + ": " + all.size() + " nodes are compatible with " + COMPATIBLE
            + ": expected one, or msi-parent to name it");
      }
      node = all.getFirst();
    }
    if (node.windows().isEmpty()) {
      throw new ModelException(node.path() + ": reg: expected the area of interrupt messages, to which " + context.instance() + " writes");
    }
    return new LocalApicNode(node.path(), node.windows().getFirst().base());
  }
}
