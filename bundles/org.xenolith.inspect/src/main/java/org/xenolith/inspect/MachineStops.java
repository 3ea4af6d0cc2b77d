// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** Where one view of a machine has it stop. It watches no more than its places need. */
final class MachineStops implements StopPoints {
  private final Machine machine;
  /** One for the machine, so that what is given replaces what was. */
  private final AddressWatcher addresses = this::met;
  private final StopWatcher others = new StopWatcher(this::happened);
  /** Events may come on other threads than the machine's. */
  private volatile List<Point> points = new CopyOnWriteArrayList<>();
  private List<StopReport> reached = new ArrayList<>();
  private boolean watching;

  /** A place with what decides of it. */
  private final class Point implements StopPoint {
    private final StopPlace place;
    private final Predicate<StopReport> condition;
    /** Empty if it is none of an address. */
    private final Optional<WatchedAddress> watched;
    /** Ends the telling of one that is told of; null while nobody tells. */
    private Runnable ending;

    Point(StopPlace place, Predicate<StopReport> condition) {
      this.place = place;
      this.condition = condition;
      watched = address(place);
    }

    @Override
    public StopPlace place() {
      return place;
    }

    @Override
    public void close() {
      if (points.remove(this)) {
        end();
        watch();
      }
    }

    /** Has somebody tell of it, if it is one that is told of. */
    void begin() {
      if (place instanceof StopPlace.Reported reported) {
        ending = reported.telling().begin(machine, (processor, text) -> report(this, new StopReport(place, processor, 0, false, text)));
      }
    }

    void end() {
      if (ending != null) {
        ending.run();
        ending = null;
      }
    }
  }

  MachineStops(Machine machine) {
    this.machine = machine;
  }

  @Override
  public StopPoint add(StopPlace place, Predicate<StopReport> condition) {
    return change(List.of(), List.of(place), condition).getFirst();
  }

  @Override
  public List<StopPoint> change(List<StopPoint> closed, List<StopPlace> places, Predicate<StopReport> condition) {
    List<Point> before = List.copyOf(points);
    List<Point> added = places.stream().map(place -> new Point(place, condition)).toList();
    Set<StopPoint> gone = Set.copyOf(closed);
    List<Point> now = new ArrayList<>(before);
    now.removeIf(gone::contains);
    now.addAll(added);
    // One exchange: each change of such a list copies all of it.
    points = new CopyOnWriteArrayList<>(now);
    try {
      watch();
      added.forEach(Point::begin);
    } catch (RuntimeException refused) {
      added.forEach(Point::end);
      points = new CopyOnWriteArrayList<>(before);
      watch();
      throw refused;
    }
    before.stream().filter(gone::contains).forEach(Point::end);
    return List.copyOf(added);
  }

  @Override
  public synchronized List<StopReport> take() {
    List<StopReport> all = List.copyOf(reached);
    reached = new ArrayList<>();
    return all;
  }

  private void watch() {
    machine.watch(addresses, points.stream().flatMap(each -> each.watched.stream()).distinct().toList());
    boolean wanted = points.stream().anyMatch(each -> each.watched.isEmpty() && !(each.place instanceof StopPlace.Reported));
    if (wanted && !watching) {
      machine.watch(others);
    } else if (!wanted && watching) {
      machine.forget(others);
    }
    watching = wanted;
  }

  private Optional<WatchedAddress> address(StopPlace place) {
    return switch (place) {
      case StopPlace.Instruction at -> Optional.of(new WatchedAddress(WatchedAddress.Kind.INSTRUCTION, WatchedAddress.Space.PROCESSOR, at
          .address(), 1));
      case StopPlace.Access access -> Optional.of(access.watched());
      case StopPlace.Register register -> Optional.of(register(register));
      case StopPlace.ExceptionTaken _,StopPlace.GuestExit _,StopPlace.Event _,StopPlace.Reported _ -> Optional.empty();
    };
  }

  private WatchedAddress register(StopPlace.Register register) {
    PlatformNode node = machine.platform().node(register.device()).orElseThrow(() -> new IllegalArgumentException(register.device()
        + ": the machine has no such node"));
    if (register.window() < 0 || register.window() >= node.windows().size()) {
      throw new IllegalArgumentException("%s has %d windows, none of number %d".formatted(register.device(), node.windows().size(), register
          .window()));
    }
    AddressWindow window = node.windows().get(register.window());
    if (register.offset() < 0 || register.length() < 1 || register.offset() > window.size() - register.length()) {
      throw new IllegalArgumentException("%s, window %d: %d bytes at offset 0x%x aren't in its 0x%x bytes".formatted(register.device(),
          register.window(), register.length(), register.offset(), window.size()));
    }
    return new StopPlace.Access(WatchedAddress.Space.PHYSICAL, window.base() + register.offset(), register.length(), register.read(),
        register
            .write()).watched();
  }

  // ---- What happens

  private void met(Optional<CpuPort> cpu, WatchedAddress watched, long address, int size, boolean write) {
    OptionalInt processor = cpu.map(port -> OptionalInt.of(port.index())).orElse(OptionalInt.empty());
    for (Point point : points) {
      if (point.watched.isPresent() && point.watched.get().equals(watched)) {
        report(point, new StopReport(point.place, processor, address, write, ""));
      }
    }
  }

  private void happened(Predicate<StopPlace> what, OptionalInt processor, String text) {
    for (Point point : points) {
      if (what.test(point.place)) {
        report(point, new StopReport(point.place, processor, 0, false, text));
      }
    }
  }

  private void report(Point point, StopReport report) {
    if (point.condition.test(report)) {
      synchronized (this) {
        reached.add(report);
      }
      machine.stop();
    }
  }
}
