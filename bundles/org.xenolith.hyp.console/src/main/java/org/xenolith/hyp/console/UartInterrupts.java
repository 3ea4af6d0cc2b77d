// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.PlatformNode;

/**
 * Where the interrupt of the console's UART is claimed: by the cells of its node, which are kind, number and flags at one kind of controller (binding
 * of Arm's: shared ones begin behind 32 others, and a UART's is level-sensitive), and input and sense at another (binding intel,ce4100-ioapic).
 */
record UartInterrupts(HostInterruptsPort lines) {
  private static final int KIND_NUMBER_FLAGS = 3;
  private static final int INPUT_SENSE = 2;
  private static final int FIRST_SHARED = 32;
  /** Senses: 1 and 2 are levels. */
  private static final int LEVEL_LOW = 1;
  private static final int LEVEL_HIGH = 2;
  private static final int NONE = -1;

  /** The port of the machine. */
  static UartInterrupts of(DeviceContext context) {
    return new UartInterrupts(context.port(HostInterruptsPort.class));
  }

  private static int[] cells(PlatformNode node) {
    return node == null || node.interrupts().isEmpty() ? new int[0] : node.interrupts().getFirst().cells();
  }

  private static int input(int[] cells) {
    return cells.length >= KIND_NUMBER_FLAGS && cells[0] == 0 ? cells[1] + FIRST_SHARED : cells.length == INPUT_SENSE ? cells[0] : NONE;
  }

  /** Takes the interrupt of a node, if it has one. */
  void claim(PlatformNode node, HostInterrupt served, DeviceContext owner) {
    int[] cells = cells(node);
    if (input(cells) >= 0) {
      lines.claim(input(cells), cells.length == INPUT_SENSE && cells[1] != LEVEL_LOW && cells[1] != LEVEL_HIGH, served, owner);
    }
  }

  /** Gives it back. */
  void release(PlatformNode node, HostInterrupt served) {
    if (input(cells(node)) >= 0) {
      lines.release(input(cells(node)), served);
    }
  }
}
