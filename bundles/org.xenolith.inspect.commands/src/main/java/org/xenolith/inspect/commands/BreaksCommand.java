// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;

/** {@code breaks}: where the machine is halted. */
final class BreaksCommand extends InspectCommand {
  private static final int SHOWN = 100;

  BreaksCommand(InspectedRuns runs) {
    super(runs, "breaks", "[json]", "the breaks that there are, and how often each was reached", "");
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (!words.isEmpty()) {
      throw usage();
    }
    List<Breaks.Break> all = run.breaks.all();
    StringBuilder text = new StringBuilder(all.isEmpty() ? "none; break and watch add one\n" : "");
    List<Object> data = new ArrayList<>();
    for (Breaks.Break each : all) {
      if (data.size() < SHOWN) {
        text.append("%4d  %s, reached %d times%s%n".formatted(each.number, each.text, each.hits(), each.trouble().isEmpty() ? ""
            : "; the condition couldn't be told: " + each.trouble()));
      }
      data.add(WordAnswer.map("break", each.number, "place", each.text, "hits", each.hits(), "trouble", each.trouble()));
    }
    if (all.size() > SHOWN) {
      text.append("and %d more%n".formatted(all.size() - SHOWN));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("breaks", data));
  }
}
