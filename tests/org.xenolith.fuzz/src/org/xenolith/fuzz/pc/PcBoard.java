// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.fuzz.PciCards;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/**
 * Machines of the product's board {@code pc-pvh}, with memory of any size and a few cards. Made when it is used first: whoever lists the
 * attacks needs none of it.
 */
public final class PcBoard {
  private static final List<InstalledComponent> COMPONENTS = InstalledComponent.all();
  private static final long MINIMUM = 64 << 20;
  private static final String ENGINE = "interpreter";
  private static final String HOST = "/pcie@b0000000";
  /** The function of an entropy device. */
  private static final String ENTROPY = "virtio:4";

  private PcBoard() {}

  /** All components of the product. */
  public static List<InstalledComponent> components() {
    return COMPONENTS;
  }

  /** A machine without PCI, powered off. @param memory where it has RAM */
  public static Machine plain(int cpus, List<MemoryRange> memory) {
    return build(withMemory(tree(cpus, List.of("pcie=none", "virtio=0")), memory), Map.of());
  }

  /** A machine with entropy devices behind virtio-mmio and on the root bus, powered off. */
  static Machine withCards(int cpus, List<MemoryRange> memory) {
    Fdt tree = withMemory(tree(cpus, List.of("pcie=ecam", "virtio=2")), memory);
    return build(PciCards.plug(tree, HOST, "virtio", 1), Map.of(HOST + "/virtio@1,0", ENTROPY, "/virtio_mmio@feb00000", ENTROPY));
  }

  /** A machine with the hypervisor in the place of a host's software under each CPU, powered off. */
  static Machine withHypervisor(int cpus) {
    Fdt tree = tree(cpus, List.of("pcie=none", "virtio=0"));
    FdtNode node = new FdtNode(HypervisorNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", HypervisorNode.COMPATIBLE));
    Map<String, Map<String, String>> options = new TreeMap<>();
    tree.node("/cpus").orElseThrow().children().forEach(cpu -> options.put("/cpus/" + cpu.name(), Map.of("virtualization", "true")));
    return build(tree.withRoot(tree.root().withChild(node)), options, Map.of());
  }

  private static Fdt tree(int cpus, List<String> options) {
    return InstalledBoards.board("pc-pvh", COMPONENTS).tree(BoardRequest.of(cpus, MINIMUM, options));
  }

  private static Fdt withMemory(Fdt tree, List<MemoryRange> memory) {
    int[] cells = memory.stream().flatMapToInt(range -> java.util.stream.IntStream.of((int) (range.base() >>> 32), (int) range.base(),
        (int) (range.size() >>> 32), (int) range.size())).toArray();
    return tree.edit("/memory@0", node -> node.withProperty(FdtProperty.ofCells("reg", cells)));
  }

  private static Machine build(Fdt tree, Map<String, String> functions) {
    return build(tree, Map.of(), functions);
  }

  private static Machine build(Fdt tree, Map<String, Map<String, String>> options, Map<String, String> functions) {
    return PlainAssembly.build(new PlatformLoaderComponent(null).platform("pc-pvh", tree, options), COMPONENTS, ENGINE, functions);
  }
}
