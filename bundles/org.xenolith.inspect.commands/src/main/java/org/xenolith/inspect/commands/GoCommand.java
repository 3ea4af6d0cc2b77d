// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import org.xenolith.machine.control.Machine;

/** {@code go}: a halted machine goes on. */
final class GoCommand extends InspectCommand {
  GoCommand(InspectedRuns runs) {
    super(runs, "go", "", "let a halted machine go on, and leave the prompt", """
          At a break the machine is halted again, and the prompt comes.
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    return WordAnswer.of("");
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    if (!words.isEmpty()) {
      throw usage();
    }
    run.go();
    return WordAnswer.of("");
  }

  @Override
  public boolean leaves() {
    return true;
  }
}
