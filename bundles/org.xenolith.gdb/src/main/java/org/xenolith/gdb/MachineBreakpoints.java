// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.xenolith.debug.kit.StopsWanted;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.watch.WatchedAddress.Space;

/**
 * The breakpoints and watchpoints of a debugger. Debuggers take all of them away whenever they have halted a machine and put them back before they let it go on, so that the machine is told only
 * then, and only of what has changed. There is no limit, and software breakpoints are what hardware breakpoints are: nothing is written into memory.
 */
final class MachineBreakpoints {
  private static final int SOFTWARE = 0;
  private static final int HARDWARE = 1;
  private static final int WRITE = 2;
  private static final int READ = 3;
  private static final int ACCESS = 4;

  /** One as the debugger has it. @param type as in the packet. @param guest the domain whose code is meant; empty for any code */
  record Breakpoint(int type, StopPlace place, String guest) {}

  private final StopsWanted stops;
  private final Set<Breakpoint> wanted = new LinkedHashSet<>();
  /** Where those are, too, that were set in a kernel that has moved since. */
  private final Map<StopPlace, StopPlace> moved = new HashMap<>();
  /** Whose code is meant at each place, an empty name for anybody's: there may be many places. */
  private final Map<StopPlace, Set<String>> meant = new LinkedHashMap<>();

  /** @param halt called on the machine's thread when one is reached */
  MachineBreakpoints(InspectedMachine machine, Runnable halt) {
    stops = new StopsWanted(machine.stops(), halt, report -> counts(machine, report));
  }

  /** Whether who has come to a place is meant. */
  boolean counts(InspectedMachine on, StopReport report) {
    Set<String> guests = meant.getOrDefault(report.place(), Set.of());
    if (guests.contains("")) {
      return true;
    }
    String guest = report.processor().isEmpty() ? "" : on.processor(report.processor().getAsInt()).map(each -> on.guest(each.place()))
        .orElse(
            "");
    return guests.contains(guest);
  }

  /** The one that a packet is about: {@code TYPE,ADDRESS,KIND}. @throws IllegalArgumentException if there can be none; empty if its type isn't known */
  static Optional<Breakpoint> breakpoint(String text, boolean physical, String guest) {
    String[] parts = text.split(";", 2)[0].split(",");
    if (parts.length < 3) {
      throw new IllegalArgumentException("a breakpoint is a type, an address and a kind");
    }
    int type = Reply.small(parts[0]);
    long address = Reply.number(parts[1]);
    if (type == SOFTWARE || type == HARDWARE) {
      return Optional.of(new Breakpoint(type, new StopPlace.Instruction(address), guest));
    }
    if (type > ACCESS) {
      return Optional.empty();
    }
    return Optional.of(new Breakpoint(type, new StopPlace.Access(physical ? Space.PHYSICAL : Space.PROCESSOR, address, Reply.small(
        parts[2]),
        type != WRITE, type != READ), guest));
  }

  void insert(Breakpoint breakpoint) {
    wanted.add(breakpoint);
  }

  void remove(Breakpoint breakpoint) {
    wanted.remove(breakpoint);
  }

  /** The code at some addresses has moved: breakpoints there hold where it is now, too. @param by bytes */
  void moved(LongPredicate addresses, long by) {
    for (Breakpoint each : wanted) {
      if (each.guest().isEmpty() && each.place() instanceof StopPlace.Instruction at && addresses.test(at.address())) {
        moved.put(at, new StopPlace.Instruction(at.address() + by));
      }
    }
  }

  /** Whether one is at any of these addresses. */
  boolean any(LongPredicate addresses) {
    return wanted.stream().anyMatch(each -> each.place() instanceof StopPlace.Instruction at && addresses.test(at.address()));
  }

  /** Whether the debugger itself has set one at a place. */
  boolean set(StopPlace place) {
    return wanted.stream().anyMatch(each -> each.place().equals(place));
  }

  void clear() {
    wanted.clear();
    apply();
  }

  /**
   * Tells the machine, which is about to go on.
   *
   * @throws org.xenolith.machine.api.ModelException if a processor's model can't be stopped so
   */
  void apply() {
    stops.apply(places());
  }

  /** Where the debugger wants it to stop. */
  List<StopPlace> places() {
    meant.clear();
    for (Breakpoint each : wanted) {
      places(each).forEach(place -> meant.computeIfAbsent(place, any -> new HashSet<>(2)).add(each.guest()));
    }
    return List.copyOf(meant.keySet());
  }

  private Stream<StopPlace> places(Breakpoint breakpoint) {
    return Stream.of(Optional.of(breakpoint.place()), Optional.ofNullable(moved.get(breakpoint.place()))).flatMap(Optional::stream);
  }

  /** What was reached since the machine went on. */
  List<StopReport> reached() {
    return stops.reached();
  }

  /** Whose code is meant by those at a place; empty if it is several's. */
  Optional<String> guest(StopPlace place) {
    List<String> guests = wanted.stream().filter(each -> each.place().equals(place)).map(Breakpoint::guest).distinct().toList();
    return guests.size() == 1 ? Optional.of(guests.getFirst()) : Optional.empty();
  }

  /** Whether one that was reached was set as a hardware breakpoint, and not as one in software. */
  boolean hardware(StopPlace place) {
    return wanted.stream().filter(each -> each.place().equals(place)).allMatch(each -> each.type() == HARDWARE);
  }

  int count() {
    return wanted.size();
  }
}
