// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.origin.api.LastWrite;

/**
 * Finds what wrote something last, in a machine of the past that stands somewhere behind: it goes back to where it was written, whoever did, and executes that instruction once more to see
 * who. For one question.
 */
final class WriteSearch {
  private final MachineInspector inspector;
  private final SymbolFinder finder;
  private final WordOwners owners;
  /** That of the machine that was asked about last: looking for its kernel takes long. */
  private Optional<NamedMachine> known = Optional.empty();

  /**
   * A write that was found. The machine stands behind it.
   *
   * @param write  what is told
   * @param before where it stood before
   * @param moves  what the CPU's instruction was about to write; empty if nobody can tell, or none executed
   * @param step   what happened meanwhile
   */
  record Found(LastWrite write, Moment before, Optional<List<PlacedMove>> moves, WatchedStep step) {}

  WriteSearch(MachineInspector inspector, SymbolFinder finder, WordOwners owners) {
    this.inspector = inspector;
    this.finder = finder;
    this.owners = owners;
  }

  /** A machine of the past, with names; the same object wherever that is moved. */
  NamedMachine named(PastMachine past) {
    Optional<NamedMachine> last = known.filter(each -> each.machine() == past.machine());
    InspectedMachine view = last.isPresent() ? last.get().view() : inspector.of(past.machine());
    known = last.or(() -> Optional.of(new NamedMachine(past.machine(), view, finder.of(view))));
    return known.orElseThrow();
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
    if (past.step(-1).why() == Arrival.Why.THERE) {
      Optional<StopReport> met = met(past, subject, here);
      if (met.isPresent()) {
        return Optional.of(again(past, subject, met.get(), here));
      }
    }
    Arrival arrival = past.backwards(List.of(subject.place()), report -> true);
    return switch (arrival.why()) {
      case CANCELLED -> throw new BadInput("given up on the way");
      case STOP -> Optional.of(again(past, subject, arrival.reached().getFirst(), past.moment()));
      default -> Optional.empty();
    };
  }

  /** The last time that it is written on the way to a moment: what is looked for backwards is before that where one stands. */
  private Optional<StopReport> met(PastMachine past, Subject subject, Moment here) {
    StopReport[] last = new StopReport[1];
    StopPoints stops = inspector.of(past.machine()).stops();
    List<StopPoint> points = stops.change(List.of(), List.of(subject.place()), report -> {
      last[0] = report;
      return false;
    });
    try {
      past.go(new Goal.Exactly(here));
    } finally {
      stops.change(points, List.of(), report -> false);
    }
    return Optional.ofNullable(last[0]);
  }

  /** Executes what led to a moment once more. */
  private Found again(PastMachine past, Subject subject, StopReport report, Moment moment) {
    if (past.step(-1).why() != Arrival.Why.THERE) {
      throw new BadInput("it was written at " + moment + ", where the past begins: by whom can't be seen");
    }
    OptionalInt processor = report.processor();
    String code = processor.isPresent() ? code(past, processor.getAsInt()) : "";
    String before = subject.held().apply(past);
    Moment at = past.moment();
    Optional<List<PlacedMove>> moves = processor.isEmpty() ? Optional.empty() : PlacedMove.of(named(past).view(), processor
        .getAsInt());
    WatchedStep step = WatchedStep.of(past.machine(), owners, () -> past.go(new Goal.Exactly(moment)));
    Stream<String> what = step.transfers().stream().filter(WatchedStep.Transfer::write).flatMap(each -> owners.what(past, each.address(),
        each.length()).stream());
    List<String> by = Stream.of(step.by().stream(), what, Stream.of(report.text())).flatMap(each -> each).filter(each -> !each.isEmpty())
        .distinct().toList();
    String after = subject.held().apply(past);
    if (processor.isEmpty() && step.exits.stream().anyMatch(each -> each.kind() == ExitKind.HYPERVISOR)) {
      // A call had it done, behind what else was due: nobody executes then, but whose call it was is known.
      processor = executed(past, at, moment);
      past.go(new Goal.Exactly(at));
      code = processor.isPresent() ? code(past, processor.getAsInt()) : "";
      past.go(new Goal.Exactly(moment));
    }
    return new Found(new LastWrite(subject.what(), moment, processor, code, by, before, after), at, moves, step);
  }

  /** The CPU that executed the instruction between two moments; empty if none did. */
  private static OptionalInt executed(PastMachine past, Moment from, Moment to) {
    return from.instructions() == to.instructions() ? OptionalInt.empty() : past.machine().processors().stream().mapToInt(CpuPort::index)
        .filter(each -> past.machine().latest(each).end() == to.instructions()).findFirst();
  }

  /** Where a CPU is, and what it executes next. */
  String code(PastMachine past, int index) {
    NamedMachine named = named(past);
    return named.view().processor(index).map(each -> named.place(each) + named.next(each).map(text -> ": " + text).orElse("")).orElse("cpu"
        + index);
  }
}
