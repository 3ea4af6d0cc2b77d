// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.kit.JournalScenario;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code open}: what was recorded is run again, and stays at the prompt where it failed or ended. */
@Command(name = "open", mixinStandardHelpOptions = true,
    description = "Runs again what was recorded (boot --record, run --record), and stays at the monitor prompt where it failed, or ended:"
        + " after a kernel's panic there, with its past (docs/guides/ci-recording.md). It is short for 'boot --replay FILE --history --stay',"
        + " and for 'run --stay FILE'.")
final class OpenCommand implements Callable<Integer> {
  @Spec
  CommandSpec spec;

  @Parameters(paramLabel = "RECORDING", description = "A journal.")
  Path recording;

  @Override
  public Integer call() {
    CommandLine top = spec.commandLine().getParent();
    return ofScenario() ? top.execute("run", "--stay", recording.toString()) : top.execute(BootCommand.NAME, "--replay", recording
        .toString(),
        "--history", "--stay");
  }

  private boolean ofScenario() {
    try {
      InputFile.check(recording, InputFile.GUEST);
      return JournalScenario.of(recording).isPresent();
    } catch (IOException e) {
      throw BadInput.of("recording", recording, e);
    }
  }
}
