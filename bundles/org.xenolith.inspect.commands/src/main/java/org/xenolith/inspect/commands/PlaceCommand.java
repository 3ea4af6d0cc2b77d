// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.inspect.kit.BreakPlace;
import org.xenolith.machine.control.Machine;

/** A word that has the machine halted at a place, on a condition perhaps. */
abstract class PlaceCommand extends InspectCommand {
  private static final String IF = "if";

  PlaceCommand(InspectedRuns runs, String name, String usage, String meaning, String manual) {
    super(runs, name, usage + " [if CONDITION]", meaning, manual);
  }

  /** Reads the place. @param said one word at least */
  abstract BreakPlace place(InspectedRun run, List<String> said);

  @Override
  final WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    run.control();
    return super.execute(run, machine, words);
  }

  @Override
  final WordAnswer answer(InspectedRun run, List<String> words) {
    int split = words.indexOf(IF);
    List<String> said = split < 0 ? words : words.subList(0, split);
    if (said.isEmpty()) {
      throw usage();
    }
    BreakPlace place = place(run, said);
    Optional<BreakCondition> condition = split < 0 ? Optional.empty()
        : Optional.of(BreakCondition.of(run.on, run.processor(), words.subList(split + 1, words.size()), place.looks()));
    String text = place.text() + (split < 0 ? "" : " " + String.join(" ", words.subList(split, words.size())));
    Breaks.Break added = run.breaks.add(text, place.place(), condition);
    return new WordAnswer("break %d: %s%s%n".formatted(added.number, text, run.stands() ? "; go lets the machine go on" : ""),
        WordAnswer.map("break", added.number, "place", text));
  }
}
