// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.InspectedMachine;

/** Follows bytes of a register backwards to the instruction that has them from elsewhere: from memory, or computed. */
final class RegisterTrail {
  /** Instructions of the CPU that are looked at, ever more until one is found. */
  private static final int[] WINDOWS = {48, 512, 8192};

  private final InspectedMachine view;

  /** An instruction: where it stood before, and what it moves. */
  private record Executed(Moment before, Optional<List<PlacedMove>> moves) {}

  /**
   * Where the trail ends.
   *
   * @param before   where the machine stands before the instruction
   * @param register the bytes that it wrote
   * @param move     what it moves; null if nobody can tell what instruction wrote it
   * @param piece    of the first byte among those that were moved
   */
  record End(Moment before, InRegister register, PlacedMove move, int piece) {}

  /** @param view of the machine of the past */
  RegisterTrail(InspectedMachine view) {
    this.view = view;
  }

  /**
   * Finds it; the machine is moved.
   *
   * @return empty if the register wasn't written in as many instructions as are looked at
   */
  Optional<End> of(PastMachine past, int cpu, InRegister wanted) {
    Moment here = past.moment();
    for (int window : WINDOWS) {
      past.go(new Goal.Exactly(here));
      List<Executed> executed = record(past, cpu, window, here);
      Optional<End> end = search(executed, wanted);
      if (end.isPresent() || executed.size() < window) {
        return end;
      }
    }
    return Optional.empty();
  }

  private List<Executed> record(PastMachine past, int cpu, int window, Moment here) {
    past.step(cpu, -window);
    List<Executed> executed = new ArrayList<>();
    for (int i = 0; i < window && past.moment().compareTo(here) < 0; i++) {
      executed.add(new Executed(past.moment(), PlacedMove.of(view, cpu)));
      past.step(cpu, 1);
    }
    return executed;
  }

  private static Optional<End> search(List<Executed> executed, InRegister from) {
    InRegister wanted = from;
    for (Executed each : executed.reversed()) {
      if (each.moves.isEmpty()) {
        return Optional.of(new End(each.before, wanted, null, 0));
      }
      for (PlacedMove placed : each.moves.get()) {
        if (placed.move().to() instanceof InRegister to && overlap(to, wanted)) {
          int first = Math.max(to.first(), wanted.first());
          int end = Math.min(to.first() + to.bytes(), wanted.first() + wanted.bytes());
          wanted = new InRegister(to.name(), first, end - first);
          DataMove move = placed.move();
          if (!move.copied() || !(move.from().getFirst() instanceof InRegister source)) {
            return Optional.of(new End(each.before, wanted, placed, first - to.first()));
          }
          wanted = new InRegister(source.name(), source.first() + first - to.first(), end - first);
          break;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean overlap(InRegister one, InRegister other) {
    return one.name().equals(other.name()) && one.first() < other.first() + other.bytes() && other.first() < one.first() + one.bytes();
  }
}
