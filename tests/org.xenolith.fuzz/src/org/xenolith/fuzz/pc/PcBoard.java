// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import java.util.Map;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.fuzz.PciCards;
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

  private static Fdt tree(int cpus, List<String> options) {
    return InstalledBoards.board("pc-pvh", COMPONENTS).tree(BoardRequest.of(cpus, MINIMUM, options));
  }

  private static Fdt withMemory(Fdt tree, List<MemoryRange> memory) {
    int[] cells = memory.stream().flatMapToInt(range -> java.util.stream.IntStream.of((int) (range.base() >>> 32), (int) range.base(),
        (int) (range.size() >>> 32), (int) range.size())).toArray();
    return tree.edit("/memory@0", node -> node.withProperty(FdtProperty.ofCells("reg", cells)));
  }

  private static Machine build(Fdt tree, Map<String, String> functions) {
    return PlainAssembly.build(new PlatformLoaderComponent(null).platform("pc-pvh", tree, Map.of()), COMPONENTS, ENGINE, functions);
  }
}
