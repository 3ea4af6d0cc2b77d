// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolTable;

/** The names of one machine's guests: each guest, by the tables that a hypervisor has put below it, has one kernel. */
final class GuestSymbols implements MachineSymbols {
  private final List<SymbolTable> files = new ArrayList<>();
  private final Map<Long, FoundKernel> kernels = new HashMap<>();
  /** Where a processor of a guest stood when no kernel was found: it isn't looked for again there. */
  private final Map<Long, Long> vain = new HashMap<>();

  @Override
  public Optional<GuestKernel> kernel(InspectedProcessor processor) {
    return found(processor).map(found -> found.kernel(processor.memory()));
  }

  private Optional<FoundKernel> found(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    FoundKernel known = kernels.get(place.guestTables());
    // Where it is before it has turned translation on isn't where it will be.
    boolean early = known != null && known.early() && place.address() < 0;
    if (known != null && !early && known.stays(processor.memory())) {
      return Optional.of(known);
    }
    kernels.remove(place.guestTables());
    if (vain.getOrDefault(place.guestTables(), place.address() + 1) == place.address()) {
      return Optional.empty();
    }
    Optional<FoundKernel> found = look(processor, place);
    found.ifPresentOrElse(each -> kernels.put(place.guestTables(), each), () -> vain.put(place.guestTables(), place.address()));
    return found;
  }

  private static Optional<FoundKernel> look(InspectedProcessor processor, ProcessorPlace place) {
    Optional<FoundKernel> here =
        place.privilege() == Privilege.USER ? Optional.empty() : FoundKernel.around(processor.memory(), place.address());
    OptionalLong entry = processor.kernelEntry();
    return here.isPresent() || entry.isEmpty() ? here : FoundKernel.around(processor.memory(), entry.getAsLong());
  }

  @Override
  public Optional<Symbol> at(InspectedProcessor processor, long address) {
    for (SymbolTable each : files) {
      Optional<Symbol> symbol = each.at(address);
      if (symbol.isPresent()) {
        return symbol;
      }
    }
    Optional<FoundKernel> kernel = found(processor);
    if (kernel.isEmpty()) {
      return Optional.empty();
    }
    Optional<Symbol> symbol = kernel.get().symbols().at(address);
    if (symbol.isPresent() || address < 0 || processor.place().privilege() == Privilege.USER) {
      return symbol;
    }
    long above = kernel.get().above(address);
    return kernel.get().symbols().at(above).map(each -> each.moved(address - above));
  }

  @Override
  public long function(InspectedProcessor processor, long address) {
    for (SymbolTable each : tables(processor)) {
      long start = each.function(address);
      if (start != -1) {
        return start;
      }
    }
    return -1;
  }

  @Override
  public List<Symbol> named(InspectedProcessor processor, String name) {
    return tables(processor).stream().flatMap(each -> each.named(name).stream()).toList();
  }

  @Override
  public List<SymbolTable> tables(InspectedProcessor processor) {
    List<SymbolTable> tables = new ArrayList<>(files);
    found(processor).ifPresent(kernel -> tables.add(kernel.symbols()));
    return List.copyOf(tables);
  }

  @Override
  public void add(SymbolTable more) {
    files.addFirst(more);
  }
}
