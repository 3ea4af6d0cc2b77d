// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.control.Machine;

/** {@code step}: a CPU executes instructions. */
final class StepCommand extends InspectCommand {
  /** A step takes some tens of microseconds. */
  private static final int MOST = 1_000_000;

  StepCommand(InspectedRuns runs) {
    super(runs, "step", "[N] [CPU] [json]", "let a CPU of the halted machine execute N instructions (1)", """
          The other CPUs execute what they would have executed meanwhile, and interrupts are taken. A break on the way ends it; Ctrl-C does, too.
          (xenolith) step
          (xenolith) step 1000 cpu1
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    InspectedProcessor processor = run.processor();
    return new WordAnswer(PlaceText.standing(run, processor), PlaceText.data(run, processor));
  }

  @Override
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    List<String> said = new ArrayList<>(words);
    OptionalInt cpu = said.isEmpty() ? OptionalInt.empty() : cpu(said.getLast());
    if (cpu.isPresent()) {
      said.removeLast();
    }
    if (said.size() > 1) {
      throw usage();
    }
    int times = said.isEmpty() ? 1 : Texts.count(said.getFirst(), "instructions", MOST);
    int index = run.processor(cpu.orElse(run.chosen())).index();
    run.choose(index);
    String stopped = run.step(index, times);
    return stopped.isEmpty() ? run.ask(machine, () -> answer(run, said)) : WordAnswer.of(stopped);
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return run.cpus();
  }
}
