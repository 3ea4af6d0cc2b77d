// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/**
 * A message-signalled interrupt frame of a GICv2 (Arm SBSA, GICv2m), as its {@code MSI_TYPER} says, or what a domain has of it.
 *
 * @param base       physical address of its registers
 * @param firstIntid first interrupt that a message to it raises
 * @param count      number of such interrupts
 */
public record V2mFrame(long base, int firstIntid, int count) {
  private static final long PAGE = 0x1000;
  private static final int TYPER = 0x008;
  private static final int FIRST_SHIFT = 16;
  private static final int MASK = 0x3ff;
  private static final int FIRST_SPI = 32;
  private static final int END_OF_SPIS = 1020;

  /**
   * The frame that answers at an address; empty if its interrupts don't exist.
   *
   * @param first its first interrupt by who describes the machine, before what it says itself
   * @param count of its interrupts, likewise
   */
  public static Optional<V2mFrame> at(long base, OptionalInt first, OptionalInt count, PhysicalBus bus) {
    int typer = typer(bus, base);
    V2mFrame frame = new V2mFrame(base, first.orElse(typer >>> FIRST_SHIFT & MASK), count.orElse(typer & MASK));
    return Optional.of(frame).filter(V2mFrame::exists);
  }

  private static int typer(PhysicalBus bus, long base) {
    try {
      return (int) bus.read(base + TYPER, 4);
    } catch (ExternalAbort nobody) {
      return 0;
    }
  }

  private boolean exists() {
    return firstIntid >= FIRST_SPI && count > 0 && count <= END_OF_SPIS - firstIntid;
  }

  /** What is left in front of interrupts that are kept for other domains. */
  public V2mFrame before(List<Integer> kept) {
    int left = 0;
    while (left < count && !kept.contains(firstIntid + left)) {
      left++;
    }
    return new V2mFrame(base, firstIntid, left);
  }

  /** Where its registers are. */
  public FdtWindow registers() {
    return new FdtWindow(base, PAGE);
  }
}
