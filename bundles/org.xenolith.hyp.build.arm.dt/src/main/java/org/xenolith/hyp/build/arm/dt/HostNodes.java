package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
    /** A CPU's own PMU: its interrupt is private, and the domain has no PMU. */
    private static final Pattern CPU_PMU = Pattern.compile("arm,(armv8-pmuv3|(cortex|neoverse|arm)[a-z0-9-]*-pmu)");
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
        return BOOT_PROTOCOL.contains(compatible) || PSCI.contains(compatible) || CPU_PMU.matcher(compatible).matches();
    }

    private static boolean isMemory(FdtNode node) {
        return node.property("device_type").filter(FdtProperty::looksLikeStrings)
                .map(p -> p.strings().getFirst()).filter("memory"::equals).isPresent();
    }
}
