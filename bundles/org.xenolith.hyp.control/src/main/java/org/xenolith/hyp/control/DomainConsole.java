package org.xenolith.hyp.control;

import org.osgi.service.component.annotations.Component;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.hyp.api.Consoles;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioConsole;

/** Consoles of domains by name or domid, for scenarios. */
@Component
public final class DomainConsole implements ScenarioConsole {
  @Override public boolean connect(Machine machine, String name, ByteSink sink) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      return false;
    }
    consoles(machine).follow(name, sink::accept);
    return true;
  }

  @Override public void type(Machine machine, String name, byte[] bytes) {
    if (!consoles(machine).open(name)) {
      throw new IllegalArgumentException("there is no domain '" + name + "' (yet) that takes input");
    }
    machine.input(Consoles.INPUT, name, bytes);
  }

  private static Consoles consoles(Machine machine) {
    return machine.port(HypervisorNode.PATH, Consoles.class);
  }
}
