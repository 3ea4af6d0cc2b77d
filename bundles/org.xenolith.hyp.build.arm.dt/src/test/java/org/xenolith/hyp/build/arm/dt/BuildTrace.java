// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.build.arm.dt.HandledNode.DeviceResources;

/** Tells a plan the way a debug build of Xen tells what it does, so that the two can be compared line by line. */
final class BuildTrace {
  private BuildTrace() {}

  static List<String> of(Dom0Plan plan) {
    List<String> lines = new ArrayList<>();
    for (HandledNode node : plan.nodes()) {
      lines.add("handle " + node.path());
      switch (node.handling()) {
        case LEFT_OUT -> lines.add("  Skip it (matched)");
        case USED_BY_HYPERVISOR -> lines.add("  Skip it (used by Xen)");
        case GIC -> lines.add("Create gic node");
        case TIMER -> lines.add("Create timer node");
        case PASSED, WITHHELD -> {
          lines.add(node.path() + " passthrough = 1 naddr = " + node.own().windows().size());
          resources(lines, node.own());
          if (!node.bus().equals(DeviceResources.NONE)) {
            lines.add("Mapping children of " + node.path() + " to guest");
            resources(lines, node.bus());
          }
        }
      }
    }
    return lines;
  }

  private static void resources(List<String> lines, DeviceResources resources) {
    resources.interrupts().forEach(i -> lines.add("  - IRQ: " + i.intid()));
    for (FdtWindow window : resources.windows()) {
      lines.add(String.format("  - MMIO: %010x - %010x P2MType=5", window.base(), window.base() + window.size()));
    }
  }
}
