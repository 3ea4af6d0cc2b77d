// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.inspect.kit.NamedMachine;

/** The breakpoints that a client has, by the requests that have said them, and which of them hold where the machine has come to. */
final class PlantedBreakpoints {
  /** Which request has said them. */
  enum Kind { INSTRUCTION, FUNCTION, DATA, EXCEPTION }

  /** One of them. */
  static final class Planted {
    private final StopPlace place;
    private final Optional<BreakCondition> condition;
    /** How often its place was reached. */
    private long hits;

    /** @param condition when it counts; empty for always */
    Planted(StopPlace place, Optional<BreakCondition> condition) {
      this.place = place;
      this.condition = condition;
    }
  }

  /** One with what the client calls it. */
  private record Numbered(Kind kind, int number, Planted planted) {}

  private final AdaptedMachine machine;
  private final Map<Kind, Map<Integer, Planted>> set = new LinkedHashMap<>();
  /** The same by their places, as a place that is reached is one of many; the kinds in their order. */
  private Map<StopPlace, List<Numbered>> byPlace = Map.of();
  /** Those that held since the machine went on. */
  private final Set<Integer> held = new HashSet<>();

  PlantedBreakpoints(AdaptedMachine machine) {
    this.machine = machine;
  }

  /** All places. */
  Set<StopPlace> places() {
    return Collections.unmodifiableSet(byPlace.keySet());
  }

  /** Says all of a kind anew, by their numbers. The machine is told at once; where it can't, nothing has changed. */
  void replace(Kind kind, Map<Integer, Planted> all) {
    Map<Integer, Planted> before = set.put(kind, all);
    Map<StopPlace, List<Numbered>> placesBefore = byPlace;
    byPlace = byPlace();
    try {
      machine.stops().apply(places());
    } catch (RuntimeException e) {
      set.put(kind, before == null ? Map.of() : before);
      byPlace = placesBefore;
      throw e;
    }
  }

  private Map<StopPlace, List<Numbered>> byPlace() {
    Map<StopPlace, List<Numbered>> found = new LinkedHashMap<>();
    set.forEach((kind, all) -> all.forEach((number, planted) -> found.computeIfAbsent(planted.place, any -> new ArrayList<>(1)).add(
        new Numbered(kind, number, planted))));
    return found;
  }

  /** Whether one holds where the machine has come to. On the machine's thread, or that of who moves one of its past. */
  boolean counts(StopReport report) {
    boolean any = false;
    for (Numbered each : byPlace.getOrDefault(report.place(), List.of())) {
      if (holds(each.planted, report)) {
        held.add(each.number);
        any = true;
      }
    }
    return any;
  }

  private boolean holds(Planted planted, StopReport report) {
    planted.hits++;
    if (planted.condition.isEmpty()) {
      return true;
    }
    try {
      NamedMachine on = machine.withNames();
      return planted.condition.get().holds(on, report, planted.hits);
    } catch (IllegalArgumentException | RequestRefused untold) {
      // What it compares can't be read there: that is no reason to stop.
      return false;
    }
  }

  /** The machine goes on. */
  void goes() {
    held.clear();
  }

  /** Who has set a place and held there, and their numbers; the kinds in their order. */
  Map<Kind, List<Integer>> numbers(StopPlace place) {
    Map<Kind, List<Integer>> found = new LinkedHashMap<>();
    for (Numbered each : byPlace.getOrDefault(place, List.of())) {
      if (held.contains(each.number)) {
        found.computeIfAbsent(each.kind, any -> new ArrayList<>()).add(each.number);
      }
    }
    return found;
  }
}
