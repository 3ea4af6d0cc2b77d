// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import org.osgi.service.component.annotations.Component;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioConsole;

/** {@code on: NAME}: the console of the domain of that name or domid, which may come only later, and again. */
@Component
public final class DomainConsole implements ScenarioConsole {
  @Override
  public boolean connect(Machine machine, String name, ByteSink sink) {
    if (!View.present(machine)) {
      return false;
    }
    machine.port(HypervisorNode.PATH, ConsolesPort.class).follow(name, sink::accept);
    return true;
  }

  @Override
  public void type(Machine machine, String name, byte[] bytes) {
    if (!new View(machine).port(ConsolesPort.class).open(name)) {
      throw new IllegalArgumentException("no domain '" + name + "' takes input");
    }
    machine.input(ConsolesPort.INPUT, name, bytes);
  }
}
