// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;
import org.xenolith.profile.StackTree.Node;
import org.xenolith.profile.StackTree.Room;

/** The samples of one machine: stacks of addresses by whose code it is, with names once they are known. */
final class Samples {
  /** Frames that are kept, of all stacks together. */
  private static final int FRAMES = 1_000_000;
  /** Guests whose kernels are asked for their symbols: those take some megabytes each. */
  private static final int KERNELS = 64;
  /** Most frames of a stack. */
  private static final int DEPTH = 64;

  private final Origins origins;
  private final Room room = new Room(FRAMES);
  private final SymbolFinder finder;
  private final SymbolTable files;
  private final Map<Integer, InspectedProcessor> seen = new LinkedHashMap<>();
  private final Map<String, KernelSymbols> kernels = new TreeMap<>();
  private final Map<Origin, StackTree<Long>> stacks = new TreeMap<>();

  /**
   * @param origins tells whose code it is
   * @param finder  finds the symbols of kernels
   * @param files   symbols that the user gave
   */
  Samples(Origins origins, SymbolFinder finder, SymbolTable files) {
    this.origins = origins;
    this.finder = finder;
    this.files = files;
  }

  /** A CPU stands between two instructions; it has spent so much since it was looked at last. */
  void add(InspectedProcessor cpu, long instructions, long nanoseconds) {
    ProcessorPlace place = cpu.place();
    Origin origin = origins.of(place);
    seen.put(cpu.index(), cpu);
    KernelSymbols kernel = kernels.computeIfAbsent(origin.domain(), name -> new KernelSymbols(finder));
    if (origin.kernel() && kernels.size() <= KERNELS) {
      kernel.sampled(cpu.memory(), place.address());
    }
    long[] frames = cpu.calls(DEPTH, origin.kernel() && kernel.known() ? kernel::function : files::function);
    StackTree<Long> tree = stacks.computeIfAbsent(origin, o -> new StackTree<>(room));
    Node<Long> node = tree.root;
    for (int i = frames.length - 1; i >= 0; i--) {
      node = tree.below(node, symbol(origin, frames[i]).map(Symbol::address).orElse(frames[i]));
    }
    node.self.add(1, instructions, nanoseconds);
  }

  /** Looks for the symbols of kernels that weren't running long enough. */
  void last() {
    seen.values().forEach(cpu -> {
      ProcessorPlace place = cpu.place();
      Origin origin = origins.of(place);
      KernelSymbols kernel = kernels.get(origin.domain());
      if (origin.kernel() && kernel != null) {
        kernel.last(cpu.memory(), place.address());
      }
    });
  }

  /** All stacks with names, whose code it is first. */
  StackTree<String> named() {
    StackTree<String> named = new StackTree<>(new Room(2 * FRAMES));
    stacks.forEach((origin, tree) -> add(named, named.below(named.root, origin.text()), origin, tree.root));
    return named;
  }

  private void add(StackTree<String> named, Node<String> to, Origin origin, Node<Long> from) {
    to.self.add(from.self);
    from.calls.forEach((address, call) -> add(named, named.below(to, name(origin, address)), origin, call));
  }

  private String name(Origin origin, long address) {
    return symbol(origin, address).map(Symbol::name).orElseGet(() -> "0x" + Long.toHexString(address));
  }

  private Optional<Symbol> symbol(Origin origin, long address) {
    Optional<Symbol> symbol = function(files, address);
    return symbol.isPresent() || !origin.kernel() ? symbol : kernels.get(origin.domain()).at(address);
  }

  /** The function that an address is in. */
  static Optional<Symbol> function(SymbolTable table, long address) {
    return table.at(address).filter(found -> found.kind() == SymbolKind.CODE);
  }

  /** For each guest whose kernel was seen: how many symbols of it are known. */
  Map<String, Integer> kernels() {
    Map<String, Integer> sizes = new TreeMap<>();
    stacks.keySet().stream().filter(Origin::kernel)
        .forEach(origin -> sizes.put(origin.domain(), kernels.get(origin.domain()).size()));
    return sizes;
  }

  /** Frames that were left out because there were too many. */
  long cut() {
    return room.refused();
  }
}
