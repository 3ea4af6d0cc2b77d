// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/**
 * What a start_info says, as a device tree: layers know their machine by one. RAM but for its first page, where a pointer to nothing leads; what is reserved or the tables'; the RSDP;
 * {@link #HYPERVISOR}, whose window is that first page and means nothing: a node without one is no device.
 */
final class StartInfoTree {
  /** Compatible of the node that says: this is a guest that was entered by the PVH boot ABI. */
  static final String HYPERVISOR = "xen,pvh";
  /** What such a guest is, for people: nothing tells more. */
  private static final String MODEL = "PVH guest";
  private static final int ACPI = 3;
  private static final int RSDP = 36;
  private static final long PAGE = 4096;

  private StartInfoTree() {}

  private static FdtNode node(String name, FdtProperty... properties) {
    return new FdtNode(name, List.of(properties), List.of());
  }

  private static FdtNode window(String kind, long base, long size) {
    return node(kind + "@" + Long.toHexString(base), FdtProperty.ofU64("reg", base, size));
  }

  /** The tree. */
  static Fdt of(StartInfo info) {
    List<FdtNode> all = new ArrayList<>();
    List<Long> tables = new ArrayList<>(List.of(info.rootPointer(), (long) RSDP));
    List<FdtNode> reserved = new ArrayList<>();
    for (MemoryEntry entry : info.memoryMap()) {
      if (entry.type() == MemoryEntry.RAM) {
        long base = Math.max(PAGE, entry.address());
        all.add(window("memory", base, entry.address() + entry.size() - base).withProperty(FdtProperty.ofStrings("device_type", "memory")));
      } else if (entry.type() == ACPI) {
        tables.addAll(List.of(entry.address(), entry.size()));
      } else {
        reserved.add(window("reserved", entry.address(), entry.size()));
      }
    }
    all.add(parent("reserved-memory", reserved));
    if (info.rootPointer() != 0) {
      all.add(parent("chosen", List.of(node("acpi@" + Long.toHexString(info.rootPointer()), FdtProperty.ofStrings("compatible",
          HandedTables.COMPATIBLE), FdtProperty.ofU64("reg", tables.stream().mapToLong(Long::longValue).toArray())))));
    }
    all.add(node("hypervisor", FdtProperty.ofStrings("compatible", HYPERVISOR), FdtProperty.ofU64("reg", 0, PAGE)));
    return Fdt.of(parent("", all).withProperty(FdtProperty.ofStrings("model", MODEL)));
  }

  private static FdtNode parent(String name, List<FdtNode> children) {
    return new FdtNode(name, List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), children);
  }
}
