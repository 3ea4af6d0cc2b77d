package org.xenolith.hyp.scenario;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.hyp.api.Consoles;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioConsole;

/** {@code on: domN}: the console of the domain with domid N, which may come only later. */
@Component
public final class DomainConsole implements ScenarioConsole {
  private static final Pattern NAME = Pattern.compile("dom(\\d{1,5})");
  /** Kind of the inputs, before the console's name: what one domain does not take must not hold back another's. */
  private static final String INPUT = "console of ";

  @Override public boolean connect(Machine machine, String name, ByteSink sink) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || !View.present(machine)) {
      return false;
    }
    int domid = Integer.parseInt(matcher.group(1));
    Consoles consoles = machine.port(HypervisorNode.PATH, Consoles.class);
    consoles.connect(domid, sink::accept);
    machine.inputHandler(INPUT + name, (place, bytes) -> consoles.offer(domid, bytes, 0, bytes.length));
    return true;
  }

  @Override public void type(Machine machine, String name, byte[] bytes) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || new View(machine).domain(matcher.group(1)) == null) {
      throw new IllegalArgumentException("there is no domain for the console '" + name + "'");
    }
    machine.input(INPUT + name, HypervisorNode.PATH, bytes);
  }
}
