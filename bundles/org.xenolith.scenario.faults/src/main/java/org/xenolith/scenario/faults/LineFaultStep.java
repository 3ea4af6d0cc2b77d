// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.HardwareFault.Line.Manner;
import org.xenolith.scenario.api.ScenarioFault;

/** {@code fault: line}: an interrupt line is stuck, storms, or loses edges. */
@Component(service = ScenarioFault.class)
public final class LineFaultStep extends HardwareFaultStep {
  private static final String EVERY = "every";

  @Override
  public String kind() {
    return "line";
  }

  @Override
  public Set<String> keys() {
    return Set.of("node", "interrupt", "cpu", "is", EVERY);
  }

  @Override
  HardwareFault fault(FaultArguments arguments) {
    Manner manner = arguments.one("is", Manner.class);
    if (arguments.text(EVERY).isPresent() && (manner == Manner.HIGH || manner == Manner.LOW)) {
      throw new IllegalArgumentException("every: is of a storm (a time) and of lost edges (a number)");
    }
    long measure = switch (manner) {
      case STORM -> arguments.duration(EVERY);
      case LOST -> arguments.number(EVERY, 1, 1);
      default -> 0;
    };
    return new HardwareFault.Line(arguments.need("node"), (int) arguments.number("interrupt", 0, 0), (int) arguments.number("cpu", 0, -1),
        manner, measure);
  }
}
