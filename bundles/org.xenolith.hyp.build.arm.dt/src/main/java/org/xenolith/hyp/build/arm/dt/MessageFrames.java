// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/** Asks the message frames of a GICv2 which interrupts they raise (Arm SBSA, appendix on GICv2m: {@code MSI_TYPER}). */
final class MessageFrames {
  private static final int TYPER = 0x008;
  private static final int FIRST_SHIFT = 16;
  private static final int MASK = 0x3ff;
  private static final int FIRST_SPI = 32;
  private static final int END_OF_SPIS = 1020;

  private MessageFrames() {}

  /** The frames that answer and name interrupts that exist; a tree's own figures go before the frame's. */
  static List<V2mFrame> of(FdtIndex host, List<FdtNode> nodes, PhysicalBus bus) {
    List<V2mFrame> frames = new ArrayList<>();
    FdtAddresses addresses = new FdtAddresses(host, (path, what, remedy) -> {});
    for (FdtNode node : nodes) {
      List<FdtWindow> windows = addresses.windows(node);
      if (!windows.isEmpty()) {
        long base = windows.getFirst().base();
        int typer = typer(bus, base);
        int first = cell(node, "arm,msi-base-spi", typer >>> FIRST_SHIFT & MASK);
        int count = cell(node, "arm,msi-num-spis", typer & MASK);
        if (first >= FIRST_SPI && count > 0 && first + count <= END_OF_SPIS) {
          frames.add(new V2mFrame(base, first, count));
        }
      }
    }
    return frames;
  }

  private static int cell(FdtNode node, String property, int otherwise) {
    return node.property(property).filter(p -> p.length() == 4 && p.u32() <= END_OF_SPIS).map(p -> p.cell(0))
        .orElse(otherwise);
  }

  private static int typer(PhysicalBus bus, long base) {
    try {
      return (int) bus.read(base + TYPER, 4);
    } catch (ExternalAbort nobody) {
      return 0;
    }
  }
}
