// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.inspect.kit.BreakPlace;

/**
 * Breakpoints of one machine, in the words of the prompt: {@code vfs_open}, {@code device pl011 UARTDR write}, {@code do_exit if X0 == 11}. A name that the guest doesn't have yet is asked for
 * again each time that the machine stands.
 */
final class PlantedBreaks {
  /**
   * One that people want.
   *
   * @param id   of its marker
   * @param text what it is
   * @param data whether it is memory that is watched
   */
  record Asked(long id, String text, boolean data) {}

  private record Planted(Asked asked, BreakPlace at, Optional<BreakCondition> condition) {}

  private final LookedMachine machine;
  private volatile List<Asked> asked = List.of();
  private volatile Map<StopPlace, List<Planted>> planted = Map.of();
  private final Map<Asked, String> faults = new ConcurrentHashMap<>();
  private final Map<Asked, Long> hits = new ConcurrentHashMap<>();
  private Map<Asked, Planted> known = Map.of();

  PlantedBreaks(LookedMachine machine) {
    this.machine = machine;
  }

  /** Says all of them. Returns whether they are others than before. */
  boolean ask(List<Asked> all) {
    boolean others = !asked.equals(all);
    asked = List.copyOf(all);
    return others;
  }

  /** Finds where they are now, in a look: those that couldn't be planted say why. */
  void plant() {
    Map<Asked, Planted> now = new LinkedHashMap<>();
    faults.keySet().retainAll(asked);
    for (Asked each : asked) {
      Planted before = known.get(each);
      try {
        now.put(each, before == null ? read(each) : before);
        faults.remove(each);
      } catch (BadInput | IllegalArgumentException e) {
        faults.put(each, e.getMessage());
      }
    }
    known = now;
    Map<StopPlace, List<Planted>> byPlace = new LinkedHashMap<>();
    now.values().forEach(each -> byPlace.computeIfAbsent(each.at.place(), any -> new ArrayList<>(1)).add(each));
    planted = byPlace;
  }

  private Planted read(Asked each) {
    List<String> words = Arrays.asList(each.text.strip().split("\\s+"));
    int condition = words.indexOf("if");
    InspectedProcessor near = machine.inspected().processors().stream().findFirst().orElseThrow(() -> new BadInput(
        "no processor can be looked into"));
    List<String> place = condition < 0 ? words : words.subList(0, condition);
    BreakPlace at = each.data ? BreakPlace.access(machine.withNames(), near, place) : BreakPlace.of(machine.withNames(), near, place);
    Optional<BreakCondition> holds = condition < 0 ? Optional.empty()
        : Optional.of(BreakCondition.of(machine.withNames(), near, words.subList(condition + 1, words.size()), at.looks()));
    return new Planted(each, at, holds);
  }

  /** Where the machine stops for them. */
  List<StopPlace> places() {
    return List.copyOf(planted.keySet());
  }

  /** Whether one holds where the machine has come to; on its thread, or that of who moves one of its past. */
  boolean counts(StopReport report) {
    boolean any = false;
    for (Planted each : planted.getOrDefault(report.place(), List.of())) {
      long hit = hits.merge(each.asked, 1L, Long::sum);
      try {
        any |= each.condition.isEmpty() || each.condition.get().holds(machine.withNames(), report, hit);
      } catch (IllegalArgumentException untold) {
        // What it compares can't be read there: no reason to stop.
        faults.put(each.asked, untold.getMessage());
      }
    }
    return any;
  }

  /** What was reached, for people. */
  String text(List<StopReport> reached) {
    return reached.stream().flatMap(report -> planted.getOrDefault(report.place(), List.of()).stream().map(each -> each.at.text()
        + (report.text().isEmpty() ? "" : " " + report.text()))).distinct().collect(Collectors.joining(", "));
  }

  /** Why one isn't planted; empty if it is, or nobody has tried yet. */
  Optional<String> fault(long id) {
    return faults.entrySet().stream().filter(each -> each.getKey().id == id).map(Map.Entry::getValue).findFirst();
  }

  /** The ids of those that are at an address. */
  boolean at(long address) {
    return planted.containsKey(new StopPlace.Instruction(address));
  }

  /** For logs. */
  @Override
  public String toString() {
    return "breaks " + asked + ", at " + planted.keySet() + (faults.isEmpty() ? "" : ", not set " + faults) + ", reached " + hits;
  }
}
