// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolKind;

/** What the kernel of one guest says of itself: looked for when it has been running for a while, so that it has relocated itself. */
final class KernelSymbols {
  /** Looks after this many samples of the kernel where it is mapped for good, then after ever more. */
  private static final int FIRST = 64;
  private static final int LAST = FIRST << 8;

  private final SymbolFinder finder;
  private Optional<GuestKernel> kernel = Optional.empty();
  private int seen;
  private int next = FIRST;

  KernelSymbols(SymbolFinder finder) {
    this.finder = finder;
  }

  boolean known() {
    return kernel.isPresent();
  }

  /** How many functions have names. */
  int size() {
    return kernel.map(found -> (int) found.symbols().all().stream().filter(each -> each.kind() == SymbolKind.CODE).mapToLong(
        Symbol::address).distinct().count()).orElse(0);
  }

  /** Where the function of an address begins; -1 if it is none's. */
  long function(long address) {
    return kernel.isEmpty() ? -1 : kernel.get().symbols().function(address);
  }

  /** The function of an address, also of where the image is before the kernel has turned its MMU on. */
  Optional<Symbol> at(long address) {
    return kernel.flatMap(found -> Samples.function(found.symbols(), address < 0 ? address : address - found.below() + found.base()));
  }

  /** A CPU executes this kernel. @param pc where, in that memory */
  void sampled(InspectedMemory memory, long pc) {
    if (kernel.isEmpty() && pc < 0 && next <= LAST && ++seen >= next) {
      next *= 4;
      kernel = finder.kernel(memory, pc);
    }
  }

  /** The last chance: the machine is about to be closed, and a CPU is still in this kernel. */
  void last(InspectedMemory memory, long pc) {
    if (kernel.isEmpty() && seen > 0 && pc < 0) {
      kernel = finder.kernel(memory, pc);
    }
  }
}
