// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.machine.control.Machine;

/** What firmware leaves in memory for the hypervisor: there it stays, and no domain gets that memory as RAM. */
final class HostDescription {
  private static final int PAGE_SHIFT = 12;
  /** What the tree that firmware leaves calls them (Linux, Documentation/arch/arm/uefi.rst), and what builders do. */
  private static final Map<String, String> NAMES = Map.of("linux,uefi-system-table", DomainImage.EFI_SYSTEM_TABLE,
      "linux,uefi-mmap-start", DomainImage.EFI_MEMORY_MAP, "linux,uefi-mmap-size", DomainImage.EFI_MEMORY_MAP_SIZE,
      "linux,uefi-mmap-desc-size", DomainImage.EFI_DESCRIPTOR_SIZE);

  private HostDescription() {}

  /** Has it written. @return where it is, as options of {@link DomainImage} */
  static Map<String, String> load(Machine machine, BoardDescription description) {
    FrameHeapPort heap = machine.port(HypervisorNode.PATH, FrameHeapPort.class);
    for (MemoryRange range : description.reserved()) {
      long first = range.base() >>> PAGE_SHIFT;
      long count = (range.end() - 1 >>> PAGE_SHIFT) + 1 - first;
      if (!heap.allocateAt(FrameHeap.HYPERVISOR, first, count)) {
        throw new BadInput("the firmware's tables at 0x" + Long.toHexString(range.base()) + ", 0x"
            + Long.toHexString(range.end() - range.base()) + " bytes, are where the hypervisor's own memory is; give the machine more"
            + " memory (" + option("memory") + ")");
      }
    }
    Fdt tree = description.load(machine::load, new DeviceTreeFacts("", Optional.empty(), List.of()));
    Map<String, String> found = new HashMap<>();
    tree.node("/chosen").map(FdtNode::properties).orElse(List.of()).forEach(property -> {
      if (NAMES.containsKey(property.name())) {
        found.put(NAMES.get(property.name()), Long.toHexString(property.number()));
      }
    });
    return found;
  }
}
