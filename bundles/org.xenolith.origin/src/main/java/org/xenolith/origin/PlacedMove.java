// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InPort;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.machine.api.PhysicalBus;

/**
 * What an instruction moves, with where that is in physical memory.
 *
 * @param move     it
 * @param to       physical address of the first byte, if it writes memory that is mapped; a port counts as memory, at {@link PhysicalBus#PORTS}
 * @param from     the same of the one place that it copies from
 */
record PlacedMove(DataMove move, OptionalLong to, OptionalLong from) {
  /** Those of the instruction that a CPU is about to execute; empty if nobody can tell. */
  static Optional<List<PlacedMove>> of(InspectedMachine view, int index) {
    InspectedProcessor processor = view.processor(index).orElse(null);
    if (processor == null) {
      return Optional.empty();
    }
    InspectedMemory memory = processor.memory();
    return processor.moves().map(moves -> moves.stream().map(each -> new PlacedMove(each, physical(memory, each.to()), each.copied()
        ? physical(memory, each.from().getFirst())
        : OptionalLong.empty())).toList());
  }

  private static OptionalLong physical(InspectedMemory memory, Place place) {
    return switch (place) {
      case InMemory in -> memory.physical(in.address());
      case InPort in -> OptionalLong.of(PhysicalBus.PORTS | in.number());
      case InRegister in -> OptionalLong.empty();
    };
  }
}
