// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.util.List;
import java.util.Map;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.PlainMachines;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** What is installed, and a small board of it. Made when it is used first: whoever lists the attacks needs none of it. */
final class FileWorld {
  /** Where its RAM begins. */
  static final long RAM = 0x4000_0000L;
  /** The node of its UART. */
  static final String UART = "/pl011@9000000";
  private static final List<InstalledComponent> COMPONENTS = InstalledComponent.all();
  private static final PlainMachines MACHINES = new PlainMachines(COMPONENTS);

  private FileWorld() {}

  /** All components of the product. */
  static List<InstalledComponent> components() {
    return COMPONENTS;
  }

  /** Puts machines of them together. */
  static PlainMachines machines() {
    return MACHINES;
  }

  /** A board of the product. */
  static BoardProvider board() {
    return InstalledBoards.board("virt", COMPONENTS);
  }

  /** Our own board with one CPU and one transport. */
  static Fdt tree() {
    return board().tree(BoardRequest.of(1, 32 << 20, List.of("gic=2", "virtio=1", "pcie=none")));
  }

  /** That board with so much RAM. @param bytes a power of two */
  static Platform platform(int bytes) {
    Fdt tree = tree();
    String memory = tree.root().children().stream().filter(n -> n.name().startsWith("memory@")).findFirst().orElseThrow().name();
    return new PlatformLoaderComponent(null).platform("virt",
        tree.edit('/' + memory, node -> node.withProperty(FdtProperty.ofU64("reg", RAM, bytes))), Map.of());
  }
}
