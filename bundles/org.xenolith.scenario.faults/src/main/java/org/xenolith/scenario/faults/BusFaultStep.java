// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.HardwareFault.Window.Manner;
import org.xenolith.scenario.api.ScenarioFault;

/** {@code fault: bus}: accesses to a device's registers are aborted, answered by nobody, or late. */
@Component(service = ScenarioFault.class)
public final class BusFaultStep extends HardwareFaultStep {
  private static final String BY = "by";
  private static final String BOTH = "both";

  @Override
  public String kind() {
    return "bus";
  }

  @Override
  public Set<String> keys() {
    return Set.of("node", "window", "first", "last", "on", "answers", BY);
  }

  @Override
  HardwareFault fault(FaultArguments arguments) {
    Manner manner = arguments.one("answers", Manner.class);
    if (manner == Manner.LATE != arguments.text(BY).isPresent()) {
      throw new IllegalArgumentException("by: how late an answer is, which is said of late ones only: 'answers: late' with 'by: 5us'");
    }
    String on = arguments.text("on").orElse(BOTH);
    if (!List.of("read", "write", BOTH).contains(on)) {
      throw new IllegalArgumentException("on: '" + on + "': expected read, write or both");
    }
    long first = arguments.number("first", 0, 0);
    return new HardwareFault.Window(arguments.need("node"), (int) arguments.number("window", 0, 0), first, arguments.number("last", first,
        arguments.text("first").isPresent() ? first : Integer.MAX_VALUE), !on.equals("write"), !on.equals("read"), manner,
        manner == Manner.LATE ? arguments.duration(BY) : 0);
  }
}
