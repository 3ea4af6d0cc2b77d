// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.console.pl011;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * Enables PL011s when a machine is powered on. ACPI shows them as SBSA UARTs, which have neither control nor line control registers: firmware
 * has set them, for 8 bits without parity and with FIFOs (SBSA 7.1, appendix B). A UART that is on already is left alone.
 */
final class ConsoleUarts implements DeviceModel {
  private static final List<String> COMPATIBLE = List.of("arm,pl011", "arm,sbsa-uart");
  private static final int UARTLCR_H = 0x02C;
  private static final int UARTCR = 0x030;
  /** 8 bits, FIFOs. */
  private static final int LINE = 0x70;
  /** UARTEN, TXE, RXE. */
  private static final int ON = 0x301;

  private final DeviceState state = new DeviceState();
  private final PhysicalBus bus;
  private final List<Long> uarts;

  ConsoleUarts(DeviceContext context) {
    bus = context.memory().physical();
    uarts = context.platform().nodes().stream().filter(node -> node.enabled() && !node.windows().isEmpty()
        && COMPATIBLE.stream().anyMatch(node::isCompatible)).map(PlatformNode::windows).map(windows -> windows.getFirst().base()).toList();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    uarts.forEach(this::enable);
  }

  private void enable(long base) {
    try {
      if ((bus.read(base + UARTCR, Integer.BYTES) & ON) != ON) {
        bus.write(base + UARTLCR_H, Integer.BYTES, LINE);
        bus.write(base + UARTCR, Integer.BYTES, ON);
      }
    } catch (ExternalAbort nobody) {
      // no bundle serves it: whoever speaks to it finds that out
    }
  }
}
