// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: symbol}: what a variable of the kernel has. */
@Component(service = ScenarioCheck.class)
public final class SymbolCheck extends InspectingCheck {
  /** Made by the service component runtime. */
  @Activate
  public SymbolCheck(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    super("symbol", Set.of("name", "space", "size", "cpu"), inspector, finder);
  }

  @Override
  Found find(Arguments arguments) {
    String name = arguments.need("name");
    Symbol symbol = NamedAddress.of(arguments.on(), arguments.processor(), name).symbol().orElseThrow(
        () -> new IllegalArgumentException("'" + name + "' is no symbol; 'check: memory' checks what is at an address"));
    if (symbol.kind() == SymbolKind.CODE) {
      throw new IllegalArgumentException(name + " is code, which has no value; 'break: " + name + "' waits until a CPU comes there");
    }
    int size = symbol.size() == 1 || symbol.size() == 2 || symbol.size() == 4 ? (int) symbol.size() : Long.BYTES;
    return new Found(name, MemoryWord.of(arguments, name, size).value());
  }
}
