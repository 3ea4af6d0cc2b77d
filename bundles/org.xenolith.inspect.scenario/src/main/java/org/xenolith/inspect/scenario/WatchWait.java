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

/** {@code watch}: memory that is written or read. */
@Component(service = ScenarioWait.class)
public final class WatchWait extends PlaceWait {
  /** Made by the service component runtime. */
  @Activate
  public WatchWait(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    super("watch", inspector, finder);
  }

  @Override
  BreakPlace place(NamedMachine on, InspectedProcessor near, List<String> words) {
    return BreakPlace.access(on, near, words);
  }
}
