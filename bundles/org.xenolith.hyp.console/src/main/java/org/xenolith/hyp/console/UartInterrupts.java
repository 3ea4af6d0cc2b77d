// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.PlatformNode;

/**
 * Where the interrupt of the console's UART is claimed: by the cells of its node, at a GIC (kind, number, flags) or at another controller (input, sense).
 *
 * @param gic   of machines that have one
 * @param lines of other machines
 */
record UartInterrupts(VirtualGicPort gic, HostInterruptsPort lines) {
  private static final int GIC_CELLS = 3;
  private static final int LINE_CELLS = 2;
  private static final int FIRST_SPI = 32;
  /** Senses of the binding intel,ce4100-ioapic: 1 and 2 are levels. */
  private static final int LEVEL_LOW = 1;
  private static final int LEVEL_HIGH = 2;

  /** The ports of the machine. */
  static UartInterrupts of(DeviceContext context) {
    return new UartInterrupts(context.port(VirtualGicPort.class), context.port(HostInterruptsPort.class));
  }

  private static int[] cells(PlatformNode node) {
    return node == null || node.interrupts().isEmpty() ? new int[0] : node.interrupts().getFirst().cells();
  }

  /** Takes the interrupt of a node, if it has one. */
  void claim(PlatformNode node, HostInterrupt served, DeviceContext owner) {
    int[] cells = cells(node);
    if (cells.length >= GIC_CELLS && cells[0] == 0) {
      gic.claimHost(cells[1] + FIRST_SPI, false, served, owner);
    } else if (cells.length == LINE_CELLS) {
      lines.claim(cells[0], cells[1] != LEVEL_LOW && cells[1] != LEVEL_HIGH, served, owner);
    }
  }

  /** Gives it back. */
  void release(PlatformNode node, HostInterrupt served) {
    int[] cells = cells(node);
    if (cells.length >= GIC_CELLS && cells[0] == 0) {
      gic.releaseHost(cells[1] + FIRST_SPI, served);
    } else if (cells.length == LINE_CELLS) {
      lines.release(cells[0], served);
    }
  }
}
