// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.inspect.api.InspectedProcessor;

/**
 * The names that one machine's processors know now: those of files, then those of the kernel that runs there and of what it has loaded, of each guest its own. A kernel is looked for when it is asked for
 * (some tenths of a second), kept, and looked for again once its memory is another's. To be used as {@code MachineInspector.of} says.
 */
@ProviderType
public interface MachineSymbols {
  /** The kernel that a processor executes, or that its program runs on; empty if none of a known form is found. */
  Optional<GuestKernel> kernel(InspectedProcessor processor);

  /**
   * What is loaded beside that kernel, now: its modules; or, as long as firmware executes, the images that it has started. None of a guest whose memory doesn't say it.
   */
  default List<LoadedCode> images(InspectedProcessor processor) {
    return List.of();
  }

  /** An address as people write it: symbol and offset, and behind them, in brackets, the image if it isn't the kernel's. */
  default Optional<String> text(InspectedProcessor processor, long address) {
    return at(processor, address).map(symbol -> symbol.text(address));
  }

  /** The symbol that an address is within, for a processor in the memory that it executes in. */
  Optional<Symbol> at(InspectedProcessor processor, long address);

  /** Where the function that an address is within begins, as {@link InspectedProcessor#calls} asks; -1 if nobody knows. */
  long function(InspectedProcessor processor, long address);

  /** All symbols of a name: those of files first, then its kernel's, then its images'. */
  List<Symbol> named(InspectedProcessor processor, String name);

  /** Tables that are asked for a processor, in that order. */
  List<SymbolTable> tables(InspectedProcessor processor);

  /** Adds what files say, before what is there: {@link SymbolFinder#files} gives it. */
  void add(SymbolTable files);
}
