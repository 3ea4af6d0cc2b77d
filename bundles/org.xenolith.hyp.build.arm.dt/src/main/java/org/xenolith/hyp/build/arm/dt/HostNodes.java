// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Set;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.build.arm.dt.HandledNode.Handling;

/** Decides what becomes of a node of the host's tree. */
final class HostNodes {
  private static final Set<String> TIMERS = Set.of("arm,armv8-timer", "arm,armv7-timer");
  /** Of the boot protocol between a loader, Xen and its domains (Xen's {@code docs/misc/arm/device-tree}). */
  private static final Set<String> BOOT_PROTOCOL = Set.of("xen,xen", "xen,multiboot-module", "multiboot,module",
      "xen,domain", "xen,domain-shared-memory-v1", "xen,evtchn-v1");
  private static final Set<String> PSCI = Set.of("arm,psci", "arm,psci-0.2", "arm,psci-1.0");
  /** What a domain can't have: of PMUs and the like those that Xen 4.17 knows, and the timers in memory. */
  private static final Set<String> NOT_VIRTUALIZED = Set.of("arm,armv8-pmuv3", "arm,cortex-a7-pmu", "arm,cortex-a15-pmu",
      "arm,cortex-a53-edac", "arm,armv7-timer-mem");
  /** SMMUs of versions 1 and 2 (Linux's binding {@code arm,smmu}): never a domain's, whether the hypervisor drives them or not. */
  private static final Set<String> IOMMUS = Set.of("arm,smmu-v1", "arm,smmu-v2", "arm,mmu-400", "arm,mmu-401", "arm,mmu-500");
  /** Nodes that Xenolith's boards carry for its own use. */
  private static final String OWN_PREFIX = "xenolith,";
  /** What the domain gets anew at its root. */
  private static final Set<String> MADE_ANEW = Set.of("cpus", "psci", "hypervisor");

  private final FdtNode gic;
  private final Set<String> ownNodes;

  /**
   * @param gic      the host's interrupt controller
   * @param ownNodes full paths of the devices that the hypervisor uses
   */
  HostNodes(FdtNode gic, Set<String> ownNodes) {
    this.gic = gic;
    this.ownNodes = ownNodes;
  }

  /** Any but {@link Handling#WITHHELD}. */
  Handling handling(FdtNode node, String path) {
    if (node == gic) {
      return Handling.GIC;
    }
    List<String> compatible = Compatible.of(node);
    if (compatible.stream().anyMatch(HostNodes::leftOut) || isMemory(node)
        || path.lastIndexOf('/') == 0 && MADE_ANEW.contains(node.name())) {
      return Handling.LEFT_OUT;
    }
    if (ownNodes.contains(path) || !compatible.isEmpty() && compatible.stream().allMatch(c -> c.startsWith(OWN_PREFIX))) {
      return Handling.USED_BY_HYPERVISOR;
    }
    return compatible.stream().anyMatch(TIMERS::contains) ? Handling.TIMER : Handling.PASSED;
  }

  private static boolean leftOut(String compatible) {
    return BOOT_PROTOCOL.contains(compatible) || PSCI.contains(compatible) || NOT_VIRTUALIZED.contains(compatible)
        || IOMMUS.contains(compatible);
  }

  /** Whether a node is an IOMMU that no domain gets: then what names its master doesn't mean anything to a domain either. */
  static boolean isWithheldIommu(FdtNode node) {
    return Compatible.of(node).stream().anyMatch(IOMMUS::contains);
  }

  private static boolean isMemory(FdtNode node) {
    return node.property("device_type").filter(FdtProperty::looksLikeStrings)
        .map(p -> p.strings().getFirst()).filter("memory"::equals).isPresent();
  }
}
