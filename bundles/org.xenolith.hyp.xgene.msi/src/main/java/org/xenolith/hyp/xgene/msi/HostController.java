// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import java.util.Optional;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * The machine's message controller {@code apm,xgene1-msi}, the first that is enabled, as far as its last group goes (devicetree binding
 * pci/xgene-pci-msi; register facts of Linux, pci-xgene-msi.c): 16 groups of 8 registers of 16 messages. Register x of group n (MSInIRx)
 * is at {@code n << 19 | x << 16} and cleared by a read; {@code 0x800000 | n << 16} (MSIINTn) has bit x while MSInIRx isn't zero, and the
 * group's interrupt is high while it has any.
 *
 * @param node  its node
 * @param bus   where its registers are
 * @param intid the last group's interrupt
 */
record HostController(PlatformNode node, PhysicalBus bus, int intid) {
  private static final String COMPATIBLE = "apm,xgene1-msi";
  private static final int GROUP = 15;
  private static final int REGISTER = 7;
  private static final int CELLS = 3;
  private static final int FIRST_SPI = 32;
  private static final long FRAME = 0x1_0000;
  private static final long SIZE = 0x90_0000;
  /** In the summary: the register whose messages are a guest's. */
  private static final int OURS = 1 << REGISTER;

  /** Finds it; empty if there is none, or it isn't as the binding says. */
  static Optional<HostController> of(Platform platform, PhysicalBus bus) {
    return platform.nodes().stream().filter(PlatformNode::enabled).filter(n -> n.isCompatible(COMPATIBLE))
        .filter(n -> !n.windows().isEmpty() && n.windows().getFirst().size() >= SIZE).findFirst().flatMap(n -> of(n, bus));
  }

  private static Optional<HostController> of(PlatformNode node, PhysicalBus bus) {
    if (node.interrupts().size() != GROUP + 1) {
      return Optional.empty();
    }
    int[] cells = node.interrupts().get(GROUP).cells();
    boolean shared = cells.length == CELLS && cells[0] == 0 && cells[1] >= 0 && cells[1] + FIRST_SPI < VirtualGicPort.END_OF_INTIDS;
    return shared ? Optional.of(new HostController(node, bus, FIRST_SPI + cells[1])) : Optional.empty();
  }

  private long base() {
    return node.windows().getFirst().base();
  }

  /** Where a guest's messages go, and nobody else's. */
  AddressWindow messages() {
    return new AddressWindow(base() + ((long) GROUP << 19 | REGISTER << 16), FRAME);
  }

  /** What says which register of the group has some. */
  AddressWindow summary() {
    return new AddressWindow(base() + (0x80_0000 | (long) GROUP << 16), FRAME);
  }

  /** Messages that came for the guest since the last call, a bit each. */
  int take() {
    return (read(summary()) & OURS) == 0 ? 0 : read(messages());
  }

  /** Which other registers of the group have messages. */
  int others() {
    return read(summary()) & ~OURS;
  }

  private int read(AddressWindow window) {
    try {
      return (int) bus.read(window.base(), 4);
    } catch (ExternalAbort nobody) {
      return 0; // its model was taken out
    }
  }
}
