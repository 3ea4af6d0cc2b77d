// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** The nodes that make the interrupt controller of a PC (Devicetree bindings intel,ce4100-lapic and -ioapic), and the numbers by which tables name them. */
public final class ApicNodes {
  /** Inputs of an I/O APIC (Intel 82093AA, 3.2.2). */
  public static final int INPUTS = 24;
  private static final String LOCAL = "intel,ce4100-lapic";
  private static final String IO = "intel,ce4100-ioapic";

  private ApicNodes() {}

  /** The local APICs of all CPUs, which are one node. */
  public static Optional<PlatformNode> local(Platform platform) {
    return nodes(platform, LOCAL).stream().findFirst();
  }

  /** The I/O APICs in the order of their addresses; the place of one is its id in the MADT, and {@link #INPUTS} times as much its first interrupt. */
  public static List<PlatformNode> io(Platform platform) {
    List<PlatformNode> found = nodes(platform, IO);
    found.sort(Comparator.comparingLong(node -> node.windows().isEmpty() ? 0 : node.windows().getFirst().base()));
    return found;
  }

  static boolean isIoApic(PlatformNode node) {
    return node.isCompatible(IO);
  }

  private static List<PlatformNode> nodes(Platform platform, String compatible) {
    List<PlatformNode> found = new ArrayList<>();
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.isCompatible(compatible)) {
        found.add(node);
      }
    }
    return found;
  }
}
