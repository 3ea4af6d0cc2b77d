// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.HardwareFault.Clock.Manner;
import org.xenolith.scenario.api.ScenarioFault;

/** {@code fault: clock}: the clock of a device, or a CPU's counter, is fast, slow, stopped, or jumps. */
@Component(service = ScenarioFault.class)
public final class ClockFaultStep extends HardwareFaultStep {
  private static final String PPM = "ppm";
  private static final String BY = "by";

  @Override
  public String kind() {
    return "clock";
  }

  @Override
  public Set<String> keys() {
    return Set.of("node", "is", PPM, BY);
  }

  @Override
  HardwareFault fault(FaultArguments arguments) {
    Manner manner = arguments.one("is", Manner.class);
    boolean rate = manner == Manner.FAST || manner == Manner.SLOW;
    boolean jump = manner == Manner.AHEAD || manner == Manner.BACK;
    if (arguments.text(PPM).isPresent() != rate) {
      throw new IllegalArgumentException("ppm: millionths by which a clock is fast or slow, and of no other: 'is: fast' with 'ppm: 50000'");
    }
    if (arguments.text(BY).isPresent() != jump) {
      throw new IllegalArgumentException("by: how far a clock jumps, and of no other: 'is: ahead' with 'by: 10s'");
    }
    return new HardwareFault.Clock(arguments.need("node"), manner, rate ? arguments.number(PPM, 1, 0) : jump ? arguments.duration(BY) : 0);
  }
}
