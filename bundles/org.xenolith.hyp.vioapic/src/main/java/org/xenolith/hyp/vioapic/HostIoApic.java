// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.x64.api.Cpu;

/** The machine's I/O APIC by its registers (82093AA 3.1 and 3.2). All its interrupts go to the boot CPU. */
final class HostIoApic {
  /** The node's {@code compatible}. */
  private static final String COMPATIBLE = "intel,ce4100-ioapic";
  private static final int SELECT = 0x00;
  private static final int DATA = 0x10;
  private static final int REDIRECTION = 0x10;
  private static final int DESTINATION = 24;

  private final PhysicalBus bus;
  private final long base;
  private final int destination;

  HostIoApic(DeviceContext context) {
    bus = context.memory().physical();
    List<PlatformNode> nodes = context.platform().nodes().stream().filter(each -> each.enabled() && each.isCompatible(COMPATIBLE)
        && !each.windows().isEmpty()).toList();
    if (nodes.size() > 1) {
      throw new ModelException(context.instance() + ": expected one I/O APIC, got " + String.join(", ", nodes.stream().map(
          PlatformNode::path)
          .toList()) + "; disable all but one (status = \"disabled\"), since the hardware domain is shown one only");
    }
    base = nodes.isEmpty() ? -1 : nodes.getFirst().windows().getFirst().base();
    destination = Cpu.of(context.processors()).getFirst().apicId();
  }

  /** Whether the machine has one. */
  boolean present() {
    return base >= 0;
  }

  /** Where its registers are. */
  long base() {
    return base;
  }

  /** Writes an entry of the redirection table. @param low its lower half. @return false if its model is away: it interrupts nobody, and has what it had when it is back */
  boolean write(int pin, int low) {
    if (present()) {
      try {
        register(REDIRECTION + 2 * pin + 1, destination << DESTINATION);
        register(REDIRECTION + 2 * pin, low);
      } catch (ExternalAbort gone) {
        return false;
      }
    }
    return true;
  }

  private void register(int number, int value) {
    bus.write(base + SELECT, Integer.BYTES, number);
    bus.write(base + DATA, Integer.BYTES, value & 0xFFFF_FFFFL);
  }
}
