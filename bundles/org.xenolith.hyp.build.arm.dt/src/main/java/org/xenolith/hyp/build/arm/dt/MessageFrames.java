// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.machine.api.PhysicalBus;

/** The message frames of a GICv2 by its node's children. */
final class MessageFrames {
  /** No interrupt of a GICv2 has this number. */
  private static final int END_OF_INTIDS = 1020;

  private MessageFrames() {}

  /** The frames that answer and name interrupts that exist; a tree's own figures go before the frame's. */
  static List<V2mFrame> of(FdtIndex host, List<FdtNode> nodes, PhysicalBus bus) {
    List<V2mFrame> frames = new ArrayList<>();
    FdtAddresses addresses = new FdtAddresses(host, (path, what, remedy) -> {});
    for (FdtNode node : nodes) {
      addresses.windows(node).stream().map(FdtWindow::base).findFirst()
          .flatMap(base -> V2mFrame.at(base, cell(node, "arm,msi-base-spi"), cell(node, "arm,msi-num-spis"), bus)).ifPresent(frames::add);
    }
    return frames;
  }

  private static OptionalInt cell(FdtNode node, String property) {
    return node.property(property).filter(p -> p.length() == 4 && p.u32() <= END_OF_INTIDS).stream().mapToInt(p -> p.cell(0)).findFirst();
  }
}
