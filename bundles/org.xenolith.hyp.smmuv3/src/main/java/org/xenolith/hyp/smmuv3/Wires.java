// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.PlatformNode;

/** The wires by which an SMMU tells of events and errors (binding arm,smmu-v3). Commands are waited for without one. */
final class Wires {
  private static final int FIRST_SPI = 32;
  private static final int EDGES = 3;

  private final VirtualGicPort gic;
  private final DeviceContext context;
  private final HostInterrupt handler;
  private final List<Wire> wires = new ArrayList<>();

  private record Wire(int intid, boolean edge) {}

  Wires(PlatformNode node, VirtualGicPort gic, DeviceContext context, HostInterrupt handler) {
    this.gic = gic;
    this.context = context;
    this.handler = handler;
    List<String> names = node.property("interrupt-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of());
    for (int i = 0; i < names.size() && i < node.interrupts().size(); i++) {
      int[] cells = node.interrupts().get(i).cells();
      if (List.of("eventq", "gerror", "combined").contains(names.get(i)) && cells.length >= 3 && cells[0] == 0
          && cells[1] >= 0 && cells[1] + FIRST_SPI < VirtualGicPort.END_OF_INTIDS) {
        wires.add(new Wire(cells[1] + FIRST_SPI, (cells[2] & EDGES) != 0));
      }
    }
  }

  boolean none() {
    return wires.isEmpty();
  }

  void claim() {
    wires.forEach(wire -> gic.claimHost(wire.intid, wire.edge, handler, context));
  }

  void release() {
    wires.forEach(wire -> gic.releaseHost(wire.intid, handler));
  }
}
