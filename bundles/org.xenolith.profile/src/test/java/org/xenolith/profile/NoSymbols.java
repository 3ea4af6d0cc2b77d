// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolTable;

/** Knows no names. */
final class NoSymbols implements SymbolFinder {
  private static final SymbolTable NONE = new SymbolTable() {
    @Override
    public List<Symbol> all() {
      return List.of();
    }

    @Override
    public Optional<Symbol> at(long address) {
      return Optional.empty();
    }

    @Override
    public long function(long address) {
      return -1;
    }

    @Override
    public List<Symbol> named(String name) {
      return List.of();
    }
  };

  @Override
  public MachineSymbols of(InspectedMachine machine) {
    throw new AssertionError("a profile asks for kernels when it may");
  }

  @Override
  public Optional<GuestKernel> kernel(InspectedMemory memory, long address) {
    return Optional.empty();
  }

  @Override
  public SymbolTable files(List<String> names) {
    return NONE;
  }
}
