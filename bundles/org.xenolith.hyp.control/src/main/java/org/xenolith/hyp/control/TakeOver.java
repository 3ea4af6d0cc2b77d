// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.Comparator;
import java.util.Map;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/** Loads the hypervisor into a machine that a boot loader hands over, and starts its domains. */
record TakeOver(Machine machine, Platform platform, LaunchRequest request) {
  private static final int PAGE_SHIFT = 12;
  /** Event: what was handed over can't be used; all CPUs stay off. */
  private static final String REFUSED = "hand-over-refused";

  /** Does it, or says why not. @param block physical address; see {@link LoaderNode} */
  void take(long block) {
    try {
      HandedOver handed = HandedOver.read(machine::peek, block);
      machine.loadSoftware(HypervisorNode.PATH, () -> reserve(handed));
      XenLine line = XenLine.of(handed.line());
      FirstDomains domains = new FirstDomains(machine, platform, request);
      if (!HypervisorOptions.noDom0(request)) {
        domains.dom0(handed.kernel(), handed.ramdisk(), (handed.kernelLine() + " " + appended()).strip(), firmware(handed), line
            .memory(), line.vcpus());
      }
      domains.domUs();
      machine.start(new ArmEntry(0, 0));
    } catch (HypervisorException | BadInput | FdtException | IllegalArgumentException | IllegalStateException e) {
      machine.eventLog().announce(REFUSED, LoaderNode.PATH, e.getMessage());
    }
  }

  private String appended() {
    return platform.node(LoaderNode.PATH).flatMap(node -> node.property(LoaderNode.BOOTARGS)).map(p -> p.string()).orElse("");
  }

  /** What firmware keeps, and the loader with what it handed over, is no domain's. Memory that isn't the board's doesn't matter. */
  private void reserve(HandedOver handed) {
    FrameHeapPort heap = machine.port(HypervisorNode.PATH, FrameHeapPort.class);
    long next = 0;
    for (FdtWindow range : handed.kept().stream().sorted(Comparator.comparingLong(FdtWindow::base)).toList()) {
      // Whoever wrote the map may have written the same memory a thousand times
      long frame = Math.max(next, range.base() >>> PAGE_SHIFT);
      next = Math.max(next, (range.base() + range.size() - 1 >>> PAGE_SHIFT) + 1);
      for (; frame < next && frame < heap.end(); frame++) {
        heap.allocateAt(FrameHeap.HYPERVISOR, frame, 1);
      }
    }
  }

  /** As Xen decides it: where the tree has no board in it, the board is described by ACPI. */
  private static Map<String, String> firmware(HandedOver handed) {
    return handed.describesBoard() ? Map.of() : Map.of(DomainImage.EFI_SYSTEM_TABLE, Long.toHexString(handed.systemTable()),
        DomainImage.EFI_MEMORY_MAP, Long.toHexString(handed.map()), DomainImage.EFI_MEMORY_MAP_SIZE, Long.toHexString(handed.mapSize()),
        DomainImage.EFI_DESCRIPTOR_SIZE, Long.toHexString(handed.descriptorSize()));
  }
}
