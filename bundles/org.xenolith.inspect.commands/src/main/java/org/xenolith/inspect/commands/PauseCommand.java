// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import org.xenolith.machine.control.Machine;

/** {@code pause}: the machine stands still. */
final class PauseCommand extends InspectCommand {
  PauseCommand(InspectedRuns runs) {
    super(runs, "pause", "[json]", "halt the machine, or say where it is halted; go lets it go on", """
          Virtual time stands still with it; the run is what it would have been.
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    StringBuilder text = new StringBuilder("halted; " + PlaceText.time(run));
    run.view.processors().forEach(each -> text.append(PlaceText.of(run, each)).append('\n'));
    return new WordAnswer(text.toString(), WordAnswer.map("instructions", run.machine.instructions(), "nanoseconds", run.machine.now(),
        "cpus",
        run.view
            .processors().stream().map(each -> PlaceText.data(run, each)).toList()));
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    if (!words.isEmpty()) {
      throw usage();
    }
    run.pause();
    return run.ask(machine, () -> answer(run, words));
  }
}
