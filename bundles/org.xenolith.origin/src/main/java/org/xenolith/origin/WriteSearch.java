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
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.origin.api.LastWrite;

/**
 * Finds what wrote something last, in a machine of the past that stands somewhere behind: it goes back to where it was written, whoever did, and executes that instruction once more to see
 * who. For one question.
 */
final class WriteSearch {
  private final MachineInspector inspector;
  private final MachineHistory history;
  private final KnownNames names;
  private final WordOwners owners;
  /** That of the machine that was asked about last. */
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

  /** @param history in which it is looked for */
  WriteSearch(MachineHistory history, MachineInspector inspector, KnownNames names, WordOwners owners) {
    this.history = history;
    this.inspector = inspector;
    this.names = names;
    this.owners = owners;
  }

  /** A machine of the past, with names; the same object wherever that is moved. */
  NamedMachine named(PastMachine past) {
    Optional<NamedMachine> last = known.filter(each -> each.machine() == past.machine());
    InspectedMachine view = last.isPresent() ? last.get().view() : inspector.of(past.machine());
    known = last.or(() -> Optional.of(new NamedMachine(past.machine(), view, names.of(history, view))));
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
    Optional<Found> latest = behind(past, subject);
    if (latest.isPresent()) {
      return latest;
    }
    // What is met backwards is before where one stands: what led there isn't.
    Moment here = past.moment();
    Optional<Found> before = behind(past, subject);
    if (before.isPresent()) {
      return before;
    }
    past.go(new Goal.Exactly(here));
    Arrival arrival = past.backwards(List.of(subject.place()), report -> true);
    return switch (arrival.why()) {
      case CANCELLED -> throw new BadInput("given up on the way");
      case STOP -> Optional.of(again(past, subject, arrival.reached().getFirst(), past.moment()));
      default -> Optional.empty();
    };
  }

  /** One that was made between the last instruction and where it stands. It stands before that instruction if there is none. */
  private Optional<Found> behind(PastMachine past, Subject subject) {
    Moment here = past.moment();
    past.step(-1);
    Moment before = past.moment();
    Met met = met(past, subject, here);
    if (met.report == null) {
      past.go(new Goal.Exactly(before));
      return Optional.empty();
    }
    // What somebody tells of, he tells in the middle of an instruction.
    Moment at = subject.place() instanceof StopPlace.Reported told && told.telling().within().isEmpty() ? here : met.moment;
    past.go(new Goal.Exactly(at));
    return Optional.of(again(past, subject, met.report, at));
  }

  /** The last time that it was written, and where the machine stood then. */
  private static final class Met {
    private StopReport report;
    private Moment moment;
  }

  /** The same on the way to a moment; nothing if it wasn't. */
  private Met met(PastMachine past, Subject subject, Moment here) {
    Met last = new Met();
    StopPoints stops = inspector.of(past.machine()).stops();
    List<StopPoint> points = stops.change(List.of(), List.of(subject.place()), report -> {
      last.report = report;
      last.moment = past.moment();
      return false;
    });
    try {
      past.go(new Goal.Exactly(here));
    } finally {
      stops.change(points, List.of(), report -> false);
    }
    return last;
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
