// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.Map;
import java.util.Optional;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioFault;

/** A fault of the machine's own hardware; most last. */
abstract class HardwareFaultStep implements ScenarioFault {
  /** Reads it. */
  abstract HardwareFault fault(FaultArguments arguments);

  @Override
  public final void inject(Machine machine, Map<String, String> arguments) {
    begin(machine, arguments);
  }

  @Override
  public final Optional<Runnable> begin(Machine machine, Map<String, String> arguments) {
    HardwareFault fault = fault(new FaultArguments(arguments));
    machine.inputNow(HardwareFault.INJECTED, fault.node(), fault.bytes());
    return fault.lasts() ? Optional.of(() -> machine.inputNow(HardwareFault.ENDED, fault.node(), fault.bytes())) : Optional.empty();
  }
}
