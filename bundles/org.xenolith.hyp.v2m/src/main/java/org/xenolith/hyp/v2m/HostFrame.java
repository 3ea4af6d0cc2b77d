// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.v2m;

import java.util.Optional;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * The machine's message frame (Arm SBSA, appendix on GICv2m; binding {@code arm,gic}), the first that is enabled.
 *
 * @param node  its node
 * @param base  physical address of its page
 * @param first first INTID that messages to it raise
 * @param count how many
 */
record HostFrame(PlatformNode node, long base, int first, int count) {
  private static final String COMPATIBLE = "arm,gic-v2m-frame";
  private static final int TYPER = 0x008;
  private static final int FIRST_SHIFT = 16;
  private static final int MASK = 0x3FF;
  private static final int FIRST_SPI = 32;

  /** Finds it; empty if there is none, or its interrupts don't exist. */
  static Optional<HostFrame> of(Platform platform, PhysicalBus bus) {
    Optional<PlatformNode> found = platform.nodes().stream().filter(PlatformNode::enabled).filter(n -> n.isCompatible(COMPATIBLE))
        .filter(n -> !n.windows().isEmpty()).findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    PlatformNode node = found.get();
    long base = node.windows().getFirst().base();
    int typer = typer(bus, base);
    int first = (int) node.cell("arm,msi-base-spi", typer >>> FIRST_SHIFT & MASK);
    int count = (int) node.cell("arm,msi-num-spis", typer & MASK);
    boolean there = first >= FIRST_SPI && count > 0 && count <= VirtualGicPort.END_OF_INTIDS - first;
    return there ? Optional.of(new HostFrame(node, base, first, count)) : Optional.empty();
  }

  private static int typer(PhysicalBus bus, long base) {
    try {
      return (int) bus.read(base + TYPER, 4);
    } catch (ExternalAbort nobody) {
      return 0;
    }
  }
}
