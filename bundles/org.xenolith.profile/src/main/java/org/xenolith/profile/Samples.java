// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.profile.StackTree.Node;
import org.xenolith.profile.StackTree.Room;
import org.xenolith.profile.Symbols.Symbol;

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
  private final Symbols files;
  private final Map<Integer, InspectedProcessor> seen = new LinkedHashMap<>();
  private final Map<String, KernelSymbols> kernels = new TreeMap<>();
  private final Map<Origin, StackTree<Long>> stacks = new TreeMap<>();

  /**
   * @param origins tells whose code it is
   * @param files   symbols that the user gave
   */
  Samples(Origins origins, Symbols files) {
    this.origins = origins;
    this.files = files;
  }

  /** A CPU stands between two instructions; it has spent so much since it was looked at last. */
  void add(InspectedProcessor cpu, long instructions, long nanoseconds) {
    ProcessorPlace place = cpu.place();
    Origin origin = origins.of(place);
    seen.put(cpu.index(), cpu);
    KernelSymbols kernel = kernels.computeIfAbsent(origin.domain(), name -> new KernelSymbols());
    if (origin.kernel() && kernels.size() <= KERNELS) {
      kernel.sampled(cpu.memory(), place.address());
    }
    Symbols known = origin.kernel() && kernel.known() != Symbols.NONE ? kernel.known() : files;
    long[] frames = cpu.calls(DEPTH, known::start);
    StackTree<Long> tree = stacks.computeIfAbsent(origin, o -> new StackTree<>(room));
    Node<Long> node = tree.root;
    for (int i = frames.length - 1; i >= 0; i--) {
      Symbol symbol = symbol(origin, frames[i]);
      node = tree.below(node, symbol != null ? symbol.start() : frames[i]);
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
    Symbol symbol = symbol(origin, address);
    return symbol != null ? symbol.name() : "0x" + Long.toHexString(address);
  }

  private Symbol symbol(Origin origin, long address) {
    Symbol symbol = files.at(address);
    return symbol != null || !origin.kernel() ? symbol : kernels.get(origin.domain()).at(address);
  }

  /** For each guest whose kernel was seen: how many symbols of it are known. */
  Map<String, Integer> kernels() {
    Map<String, Integer> sizes = new TreeMap<>();
    stacks.keySet().stream().filter(Origin::kernel)
        .forEach(origin -> sizes.put(origin.domain(), kernels.get(origin.domain()).known().size()));
    return sizes;
  }

  /** Frames that were left out because there were too many. */
  long cut() {
    return room.refused();
  }
}
