// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.inspect.kit.Texts;

/** The places at which a person wants one machine to stand still. Used while it stands between two instructions. */
final class Breaks {
  /** More than anybody looks at; each of them costs when another is added. */
  static final int MOST = 10_000;

  /**
   * A place that was reached.
   *
   * @param number    of the break
   * @param processor that came there; empty if none did
   * @param what      the place as it was said, with what is known of how it was reached
   */
  record Reached(int number, OptionalInt processor, String what) {}

  /** One of them. */
  static final class Break {
    final int number;
    final String text;
    private final Optional<BreakCondition> condition;
    private StopPoint point;
    private long hits;
    private String trouble = "";

    private Break(int number, String text, Optional<BreakCondition> condition) {
      this.number = number;
      this.text = text;
      this.condition = condition;
    }

    /** How often it was reached, whatever its condition. */
    long hits() {
      return hits;
    }

    /** Why its condition couldn't be told, last; empty if it always could. */
    String trouble() {
      return trouble;
    }
  }

  private final InspectedRun run;
  private final List<Break> all = new ArrayList<>();
  private Optional<Reached> reached = Optional.empty();
  private int last;

  Breaks(InspectedRun run) {
    this.run = run;
  }

  List<Break> all() {
    return all;
  }

  /** @throws BadInput if there are too many, or the machine can't stop there */
  Break add(String text, StopPlace place, Optional<BreakCondition> condition) {
    if (all.size() >= MOST) {
      throw new BadInput("there are " + MOST + " breaks already; delete some, or all: delete all");
    }
    Break added = new Break(last + 1, text, condition);
    added.point = run.view.stops().add(place, report -> stops(added, report));
    last++;
    all.add(added);
    return added;
  }

  private boolean stops(Break at, StopReport report) {
    at.hits++;
    if (at.condition.isPresent()) {
      try {
        if (!at.condition.get().holds(run.on, report, at.hits)) {
          return false;
        }
      } catch (IllegalArgumentException untold) {
        at.trouble = untold.getMessage();
        return false;
      }
    }
    if (reached.isEmpty()) {
      reached = Optional.of(new Reached(at.number, report.processor(), at.text + detail(report)));
    }
    run.reached();
    return true;
  }

  private static String detail(StopReport report) {
    return switch (report.place()) {
      case StopPlace.Access _,StopPlace.Register _ -> " was " + (report.write() ? "written" : "read") + " at 0x" + Long.toHexString(report
          .address());
      case StopPlace.Instruction _ -> "";
      default -> ": " + report.text();
    };
  }

  /** What was reached since this was asked last. */
  Optional<Reached> take() {
    Optional<Reached> now = reached;
    reached = Optional.empty();
    run.view.stops().take();
    return now;
  }

  /** @throws BadInput if there is none of that number */
  void delete(int number) {
    Break found = all.stream().filter(each -> each.number == number).findFirst().orElseThrow(() -> new BadInput("there is no break "
        + number
        + "; there are " + Texts.list(all.stream().map(each -> String.valueOf(each.number)).toList())));
    all.remove(found);
    found.point.close();
  }

  void clear() {
    List.copyOf(all).forEach(each -> each.point.close());
    all.clear();
  }
}
