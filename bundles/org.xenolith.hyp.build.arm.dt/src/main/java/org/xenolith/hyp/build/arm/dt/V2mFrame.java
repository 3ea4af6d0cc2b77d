// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import org.xenolith.fdt.FdtWindow;

/**
 * A message-signalled interrupt frame of a GICv2 (Arm SBSA, GICv2m), as its {@code MSI_TYPER} says, or what a domain has of it.
 *
 * @param base       physical address of its registers
 * @param firstIntid first interrupt that a message to it raises
 * @param count      number of such interrupts
 */
record V2mFrame(long base, int firstIntid, int count) {
  private static final long PAGE = 0x1000;

  /** What is left in front of interrupts that are kept for other domains. */
  V2mFrame before(List<Integer> kept) {
    int left = 0;
    while (left < count && !kept.contains(firstIntid + left)) {
      left++;
    }
    return new V2mFrame(base, firstIntid, left);
  }

  FdtWindow registers() {
    return new FdtWindow(base, PAGE);
  }
}
