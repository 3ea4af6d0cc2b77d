// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.inspect.kit.BreakPlace;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioWait;

/** Waits until a place is reached, by a processor, in a domain, on a condition. */
abstract class PlaceWait implements ScenarioWait {
  private static final Set<String> KEYS = Set.of("cpu", "domain", "if");
  private final String kind;
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  PlaceWait(String kind, MachineInspector inspector, SymbolFinder finder) {
    this.kind = kind;
    this.inspector = inspector;
    this.finder = finder;
  }

  @Override
  public final String kind() {
    return kind;
  }

  @Override
  public final Set<String> keys() {
    return KEYS;
  }

  /** Reads the place. */
  abstract BreakPlace place(NamedMachine on, InspectedProcessor near, List<String> words);

  @Override
  public final Waiting begin(Machine machine, Map<String, String> values) {
    InspectedMachine view = inspector.of(machine);
    NamedMachine on = new NamedMachine(machine, view, finder.of(view));
    Arguments arguments = new Arguments(on, values);
    InspectedProcessor near = arguments.processor();
    BreakPlace place = place(on, near, words(arguments.need(kind)));
    List<String> conditions = new ArrayList<>();
    arguments.text("cpu").ifPresent(cpu -> conditions.add("cpu == " + near.index()));
    arguments.text("domain").ifPresent(domain -> conditions.add("guest == " + domain(domain)));
    arguments.text("if").ifPresent(conditions::add);
    return new Reached(on, place, conditions.isEmpty() ? List.of() : words(String.join(" and ", conditions)), near);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private static String domain(String text) {
    if (!text.matches("d?[0-9]{1,5}")) {
      throw new IllegalArgumentException("domain: '" + text + "' is none; expected its domid, such as 1");
    }
    return text.startsWith("d") ? text : "d" + text;
  }

  /** A place that is waited for. */
  private static final class Reached implements Waiting {
    private final BreakPlace place;
    private final List<String> condition;
    private final StopPoint point;
    private long hits;
    private boolean come;
    private String trouble = "";

    Reached(NamedMachine on, BreakPlace place, List<String> condition, InspectedProcessor near) {
      this.place = place;
      this.condition = condition;
      BreakCondition holds = condition.isEmpty() ? null : BreakCondition.of(on, near, condition, place.looks());
      point = on.view().stops().add(place.place(), report -> reached(on, holds, report));
    }

    private boolean reached(NamedMachine on, BreakCondition holds, StopReport report) {
      hits++;
      try {
        come |= holds == null || holds.holds(on, report, hits);
      } catch (IllegalArgumentException untold) {
        trouble = untold.getMessage();
      }
      return come;
    }

    @Override
    public String expected() {
      return place.text() + " is reached" + (condition.isEmpty() ? "" : " with " + String.join(" ", condition));
    }

    @Override
    public boolean come() {
      return come;
    }

    @Override
    public String instead() {
      return hits == 0 ? "nothing has come there" : "it was reached " + hits + " times, and the condition didn't hold" + (trouble.isEmpty()
          ? "" : " or couldn't be told: " + trouble);
    }

    @Override
    public void close() {
      point.close();
    }
  }
}
