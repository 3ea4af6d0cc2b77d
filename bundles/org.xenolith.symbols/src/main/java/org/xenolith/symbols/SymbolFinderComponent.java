// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolTable;

/** Offers the names of guests' code and data. */
@Component
public final class SymbolFinderComponent implements SymbolFinder {
  @Override
  public MachineSymbols of(InspectedMachine machine) {
    return new GuestSymbols();
  }

  @Override
  public Optional<GuestKernel> kernel(InspectedMemory memory, long address) {
    return FoundKernel.around(memory, address).map(found -> found.kernel(memory));
  }

  @Override
  public SymbolTable files(List<String> names) {
    return SymbolFile.read(names);
  }
}
