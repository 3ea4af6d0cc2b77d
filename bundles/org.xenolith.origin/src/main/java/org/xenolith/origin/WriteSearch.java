// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.OwnedCopy;

/**
 * Finds what wrote something last, in a machine of the past that stands somewhere behind: it goes back to where it was written, whoever did, and executes that instruction once more to see
 * who.
 */
final class WriteSearch {
  private final MachineInspector inspector;
  private final SymbolFinder finder;
  private final WordOwners owners;

  /**
   * A write that was found. The machine stands behind it.
   *
   * @param write  what is told
   * @param before where it stood before
   * @param moves  what the CPU's instruction was about to write; empty if nobody can tell, or none executed
   * @param copies what Java was about to copy in its place
   * @param step   what happened meanwhile
   */
  record Found(LastWrite write, Moment before, Optional<List<PlacedMove>> moves, List<OwnedCopy> copies, WatchedStep step) {}

  WriteSearch(MachineInspector inspector, SymbolFinder finder, WordOwners owners) {
    this.inspector = inspector;
    this.finder = finder;
    this.owners = owners;
  }

  /** A machine of the past, with names. */
  NamedMachine named(PastMachine past) {
    InspectedMachine view = inspector.of(past.machine());
    return new NamedMachine(past.machine(), view, finder.of(view));
  }

  /**
   * Finds it.
   *
   * @param past a machine of the past, which is moved
   * @return empty if nobody has written it since the first moment that can be reached; it stands there then
   * @throws BadInput if it was given up
   */
  Optional<Found> find(PastMachine past, Subject subject) {
    Moment here = past.moment();
    OptionalInt[] processor = new OptionalInt[1];
    if (past.step(-1).why() == Arrival.Why.THERE && met(past, subject, here, processor)) {
      return Optional.of(again(past, subject, processor[0], here));
    }
    Arrival arrival = past.backwards(List.of(subject.place()), report -> true);
    return switch (arrival.why()) {
      case CANCELLED -> throw new BadInput("given up on the way");
      case STOP -> Optional.of(again(past, subject, arrival.reached().getFirst().processor(), past.moment()));
      default -> Optional.empty();
    };
  }

  /** Whether it is written on the way to a moment: what is looked for backwards is before that where one stands. */
  private boolean met(PastMachine past, Subject subject, Moment here, OptionalInt[] processor) {
    StopPoints stops = inspector.of(past.machine()).stops();
    List<StopPoint> points = stops.change(List.of(), List.of(subject.place()), report -> {
      processor[0] = report.processor();
      return false;
    });
    try {
      past.go(new Goal.Exactly(here));
    } finally {
      stops.change(points, List.of(), report -> false);
    }
    return processor[0] != null;
  }

  /** Executes what led to a moment once more. */
  private Found again(PastMachine past, Subject subject, OptionalInt processor, Moment moment) {
    if (past.step(-1).why() != Arrival.Why.THERE) {
      throw new BadInput("it was written at " + moment + ", where the past begins: by whom can't be seen");
    }
    String code = processor.isPresent() ? code(past, processor.getAsInt()) : "";
    String before = subject.held().apply(past);
    Moment at = past.moment();
    Optional<List<PlacedMove>> moves = processor.isEmpty() ? Optional.empty() : PlacedMove.of(inspector.of(past.machine()), processor
        .getAsInt());
    List<OwnedCopy> copies = processor.isEmpty() ? List.of() : owners.copies(past, processor.getAsInt());
    WatchedStep step = WatchedStep.of(past.machine(), () -> past.go(new Goal.Exactly(moment)));
    return new Found(new LastWrite(subject.what(), moment, processor, code, step.by(), before, subject.held().apply(past)), at, moves,
        copies, step);
  }

  /** Where a CPU is, and what it executes next. */
  String code(PastMachine past, int index) {
    NamedMachine named = named(past);
    return named.view().processor(index).map(each -> named.place(each) + named.next(each).map(text -> ": " + text).orElse("")).orElse("cpu"
        + index);
  }
}
