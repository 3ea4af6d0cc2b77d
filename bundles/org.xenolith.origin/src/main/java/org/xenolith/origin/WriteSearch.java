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
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.origin.api.LastWrite;

/**
 * Finds what wrote something last, in a machine of the past that stands somewhere behind: it goes back to where it was written, whoever did, and executes that instruction once more to see
 * who.
 */
final class WriteSearch {
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  /**
   * A write that was found. The machine stands behind it.
   *
   * @param write what is told
   * @param step  what happened meanwhile
   */
  record Found(LastWrite write, WatchedStep step) {}

  WriteSearch(MachineInspector inspector, SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
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
    while (true) {
      Arrival arrival = past.backwards(List.of(subject.place()), report -> true);
      if (arrival.why() == Arrival.Why.CANCELLED) {
        throw new BadInput("given up on the way");
      }
      if (arrival.why() != Arrival.Why.STOP) {
        return Optional.empty();
      }
      Moment moment = past.moment();
      Found found = again(past, subject, arrival.reached().getFirst().processor(), moment);
      if (subject.changed().test(found.write.before(), found.write.after())) {
        return Optional.of(found);
      }
      past.step(-1);
    }
  }

  /** Executes what led to a moment once more. */
  private Found again(PastMachine past, Subject subject, OptionalInt processor, Moment moment) {
    if (past.step(-1).why() != Arrival.Why.THERE) {
      throw new BadInput("it was written at " + moment + ", where the past begins: by whom can't be seen");
    }
    String code = processor.isPresent() ? code(past, processor.getAsInt()) : "";
    String before = subject.held().apply(past);
    WatchedStep step = WatchedStep.of(past.machine(), () -> past.go(new Goal.Exactly(moment)));
    return new Found(new LastWrite(subject.what(), moment, processor, code, step.by(), before, subject.held().apply(past)), step);
  }

  /** Where a CPU is, and what it executes next. */
  String code(PastMachine past, int index) {
    NamedMachine named = named(past);
    return named.view().processor(index).map(each -> named.place(each) + named.next(each).map(text -> ": " + text).orElse("")).orElse("cpu"
        + index);
  }
}
