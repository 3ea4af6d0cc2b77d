// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: memory}: what number is in memory. */
@Component(service = ScenarioCheck.class)
public final class MemoryCheck extends InspectingCheck {
  /** Made by the service component runtime. */
  @Activate
  public MemoryCheck(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    super("memory", Set.of("address", "space", "size", "cpu"), inspector, finder);
  }

  @Override
  Found find(Arguments arguments) {
    MemoryWord word = MemoryWord.of(arguments, arguments.need("address"), Long.BYTES);
    return new Found(word.text(), word.value());
  }
}
