// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.BreakPlace;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.scenario.api.ScenarioWait;

/** {@code break}: an address, an exception, a device's register, a way out of guest code or an event. */
@Component(service = ScenarioWait.class)
public final class BreakWait extends PlaceWait {
  /** Made by the service component runtime. */
  @Activate
  public BreakWait(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    super("break", inspector, finder);
  }

  @Override
  BreakPlace place(NamedMachine on, InspectedProcessor near, List<String> words) {
    return BreakPlace.of(on, near, words);
  }
}
