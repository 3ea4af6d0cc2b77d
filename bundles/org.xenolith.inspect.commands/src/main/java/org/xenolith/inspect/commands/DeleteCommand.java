// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.kit.Texts;

/** {@code delete}: breaks go. */
final class DeleteCommand extends InspectCommand {
  private static final String ALL = "all";

  DeleteCommand(InspectedRuns runs) {
    super(runs, "delete", "N|all", "delete a break, or all of them", "");
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.size() != 1) {
      throw usage();
    }
    if (words.getFirst().equals(ALL)) {
      run.breaks.clear();
    } else {
      run.breaks.delete(Texts.number(words.getFirst()).filter(number -> number == number.intValue()).orElseThrow(() -> new BadInput("'"
          + words.getFirst()
          + "' is no number of a break, and not 'all'")).intValue());
    }
    return WordAnswer.of("");
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return both(List.of(ALL), run.breaks.all().stream().map(each -> String.valueOf(each.number)).toList());
  }
}
