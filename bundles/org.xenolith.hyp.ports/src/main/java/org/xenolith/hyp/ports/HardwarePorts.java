// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ports;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.hyp.x64.api.PortTrap;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * The hardware domain reaches devices by their ports, as on bare hardware, with any width and alignment. Kept from it are those of the console's UART, of interrupt controllers and timers of old PCs, and the ACPI timer: what Xen
 * keeps; configuration space is {@link ConfigurationByPorts}. Other subsystems that answer some of these ports claim them themselves; a guest that isn't the hardware domain has none.
 */
final class HardwarePorts implements DeviceModel, PortTrap {
  private static final int LAST = PhysicalBus.PORT_COUNT - 1;
  /** 8259s, 8254, the 8254's gate, configuration space. Between its two registers are others of the machine's, such as that which resets it at 0xcf9. */
  private static final int[][] KEPT = {{0x20, 0x21}, {0xA0, 0xA1}, {0x40, 0x43}, {0x61, 0x61}, {ConfigurationByPorts.ADDRESS,
      ConfigurationByPorts.ADDRESS}, {ConfigurationByPorts.DATA, ConfigurationByPorts.LAST}};
  private static final String FIXED_HARDWARE = "xenolith,acpi-pm";
  private static final int TIMER = 2;

  private final DeviceState state = new DeviceState();
  private final GuestProcessorsPort processors;
  private final ConfigurationByPorts configuration;
  private final PhysicalBus bus;
  private final ConsolesPort consoles;
  private final DeviceContext context;
  private final List<AddressWindow> timers = new ArrayList<>();
  /** Ports of the console's UART, once it is known which that is. */
  private AddressWindow console;

  HardwarePorts(DeviceContext context) {
    this.context = context;
    processors = context.port(GuestProcessorsPort.class);
    consoles = context.port(ConsolesPort.class);
    bus = context.memory().physical();
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(FIXED_HARDWARE) && node.windows().size() > TIMER) {
        timers.add(node.windows().get(TIMER));
      }
    }
    configuration = new ConfigurationByPorts(state, context);
    processors.claim(this, context, 0, LAST);
    processors.claim(configuration, context, ConfigurationByPorts.ADDRESS, ConfigurationByPorts.ADDRESS);
    processors.claim(configuration, context, ConfigurationByPorts.DATA, ConfigurationByPorts.LAST);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    processors.release(this);
    processors.release(configuration);
  }

  @Override
  public long read(Vcpu vcpu, int port, int size) {
    if (has(vcpu, port, size)) {
      try {
        return bus.read(PhysicalBus.PORTS + port, size);
      } catch (ExternalAbort nobody) {
        // As on a bus where nothing answers.
      }
    }
    return -1L >>> 64 - 8 * size;
  }

  @Override
  public void write(Vcpu vcpu, int port, int size, long value) {
    if (has(vcpu, port, size)) {
      try {
        bus.write(PhysicalBus.PORTS + port, size, value);
      } catch (ExternalAbort nobody) {
        // As on a bus where nothing answers.
      }
    }
  }

  /** Whether all ports of an access are the hardware domain's. */
  private boolean has(Vcpu vcpu, int port, int size) {
    int last = port + size - 1;
    if (vcpu.domain().kind() != DomainSpec.Kind.DOM0 || last > LAST) {
      return false;
    }
    for (int[] range : KEPT) {
      if (port <= range[1] && last >= range[0]) {
        return false;
      }
    }
    for (int i = 0; i < timers.size(); i++) {
      if (overlaps(timers.get(i), port, last)) {
        return false;
      }
    }
    if (console == null && !consoles.board().isEmpty()) {
      console = context.platform().node(consoles.board()).flatMap(node -> node.windows().stream().filter(AddressWindow::ports).findFirst())
          .orElse(new AddressWindow(0, 0));
    }
    return console == null || !overlaps(console, port, last);
  }

  private static boolean overlaps(AddressWindow window, int port, int last) {
    return window.ports() && port < window.port() + window.size() && last >= window.port();
  }
}
