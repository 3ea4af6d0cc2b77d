// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolTable;

/** The names of one machine's guests: each guest, by the tables that a hypervisor has put below it, has one kernel. */
final class GuestSymbols implements MachineSymbols {
  private final List<SymbolTable> files = new ArrayList<>();
  private final Map<Long, KnownGuest> guests = new HashMap<>();

  private KnownGuest guest(InspectedProcessor processor) {
    return guests.computeIfAbsent(processor.place().guestTables(), tables -> new KnownGuest());
  }

  private Optional<FoundKernel> found(InspectedProcessor processor) {
    return guest(processor).kernel(processor);
  }

  @Override
  public Optional<GuestKernel> kernel(InspectedProcessor processor) {
    return found(processor).map(found -> found.kernel(processor.memory()));
  }

  @Override
  public List<LoadedCode> images(InspectedProcessor processor) {
    return guest(processor).images(processor);
  }

  @Override
  public Optional<Symbol> at(InspectedProcessor processor, long address) {
    Optional<Symbol> own = own(processor, address);
    return own.isPresent() ? own : guest(processor).image(processor, address).flatMap(image -> image.symbols().at(address));
  }

  @Override
  public Optional<String> text(InspectedProcessor processor, long address) {
    Optional<Symbol> own = own(processor, address);
    if (own.isPresent()) {
      return own.map(symbol -> symbol.text(address));
    }
    return guest(processor).image(processor, address).flatMap(image -> image.symbols().at(address).map(symbol -> symbol.text(address)
        + (symbol.address() == image.base() && symbol.size() == image.size() ? "" : " [" + image.name() + "]")));
  }

  /** The symbol of a file or a kernel. */
  private Optional<Symbol> own(InspectedProcessor processor, long address) {
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
    // Of firmware's images it isn't known where their functions begin.
    boolean kernel = found(processor).isPresent();
    for (SymbolTable each : kernel ? tables(processor) : files) {
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
    images(processor).forEach(image -> tables.add(image.symbols()));
    return List.copyOf(tables);
  }

  @Override
  public void add(SymbolTable more) {
    files.addFirst(more);
  }
}
