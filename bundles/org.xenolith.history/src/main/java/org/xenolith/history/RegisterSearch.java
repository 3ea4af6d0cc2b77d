// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.xenolith.history.DeviceWrites.Piece;
import org.xenolith.history.DeviceWrites.Range;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Moment;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.platform.api.AddressWindow;

/**
 * Goes back to the latest write of a device's register. No state says when one was written, so that all of the run is gone through back to it; that is done once, for the registers of all
 * devices ({@link DeviceWrites}). The instruction that is found so is executed once more by {@link StopSearch}, which decides.
 */
final class RegisterSearch {
  private final KeptHistory history;
  private final PastRun run;
  private final StopSearch stops;

  RegisterSearch(KeptHistory history, PastRun run, StopSearch stops) {
    this.history = history;
    this.run = run;
    this.stops = stops;
  }

  /** Whether places are of it: writes of registers of devices that are there. */
  static boolean finds(Machine machine, List<StopPlace> places) {
    return places.stream().allMatch(each -> each instanceof StopPlace.Register register && register.write() && !register.read() && machine
        .devices().stream().anyMatch(device -> device.instance().equals(register.device())));
  }

  /** The latest before a moment. @param condition decides of it, when the machine stands there */
  Arrival backwards(Moment here, List<StopPlace> places, Predicate<StopReport> condition) {
    List<Range> wanted = places.stream().map(each -> range((StopPlace.Register) each)).toList();
    for (Moment end = here;;) {
      Optional<Piece> known = history.deviceWrites().around(end);
      if (known.isEmpty()) {
        Optional<Checkpoint> begin = history.kept().before(end, true);
        if (begin.isEmpty()) {
          return stops.first();
        }
        Optional<Piece> listened = listen(begin.get(), history.kept().next(end).orElseGet(history::present));
        if (listened.isEmpty()) {
          return new Arrival(Why.CANCELLED, List.of());
        }
        known = listened;
      }
      for (Moment each : (Iterable<Moment>) known.get().before(here, wanted)::iterator) {
        Optional<Arrival> found = stops.at(each, here, places, condition);
        if (found.isPresent()) {
          return found.get();
        }
      }
      end = known.get().from();
    }
  }

  private Range range(StopPlace.Register register) {
    AddressWindow window = run.machine().platform().node(register.device()).orElseThrow().windows().get(register.window());
    return new Range(window.base() + register.offset(), register.length());
  }

  private static List<WatchedAddress> windows(Machine machine) {
    return machine.devices().stream().flatMap(each -> machine.platform().node(each.instance()).stream()).flatMap(each -> each.windows()
        .stream()).distinct().map(each -> new WatchedAddress(WatchedAddress.Kind.WRITE, WatchedAddress.Space.PHYSICAL, each.base(), each
            .size())).toList();
  }

  /** Goes through a part of the run. Returns nothing if somebody gave up. */
  private Optional<Piece> listen(Checkpoint begin, Moment to) {
    Machine machine = run.machine();
    DeviceEar ear = new DeviceEar(machine);
    try {
      run.restore(begin);
      machine.watch(ear);
      machine.watch(ear, windows(machine));
      if (!stops.run(begin, to)) {
        return Optional.empty();
      }
    } finally {
      machine.watch(ear, List.of());
      machine.forget(ear);
      begin.drop();
    }
    Piece piece = new Piece(begin.moment(), to, List.copyOf(ear.writes()));
    history.deviceWrites().add(piece);
    return Optional.of(piece);
  }
}
