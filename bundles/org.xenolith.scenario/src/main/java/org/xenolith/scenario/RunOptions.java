// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.MachinePrompt;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.launch.kit.HangLimit;

/**
 * How to run scenarios.
 *
 * @param properties what {@code ${name}} stands for
 * @param journals   folder for a journal of each machine's outside input
 * @param progress   hears of what takes long
 * @param console    gets what the boards' consoles show
 * @param hangLimit  when a model that doesn't come back ends a scenario
 * @param debugger   port, as the option {@code gdb} has it, of a debugger that has a machine whose scenario fails; empty for none
 * @param steps      hears of each step that begins; an empty line: none is at work
 * @param prompt     has the person of a machine whose scenario fails; empty if nobody stays there
 */
record RunOptions(Map<String, String> properties, Optional<Path> journals, ProgressListener progress, ByteSink console,
    HangLimit hangLimit, Optional<String> debugger, Optional<MachinePrompt> prompt, ProgressListener steps) {
  /** With the usual limit. */
  RunOptions(Map<String, String> properties, Optional<Path> journals, ProgressListener progress, ByteSink console) {
    this(properties, journals, progress, console, HangLimit.USUAL, Optional.empty(), Optional.empty(), ProgressListener.SILENT);
  }

  /** The same with a debugger at a port. */
  RunOptions debugged(String port) {
    return new RunOptions(properties, journals, progress, console, hangLimit, Optional.of(port), prompt, steps);
  }

  /** The same with a prompt at what fails. */
  RunOptions prompted(MachinePrompt at) {
    return new RunOptions(properties, journals, progress, console, hangLimit, debugger, Optional.of(at), steps);
  }

  /** The same with somebody who hears of steps. */
  RunOptions stepped(ProgressListener listener) {
    return new RunOptions(properties, journals, progress, console, hangLimit, debugger, prompt, listener);
  }

  /** Nothing special. */
  static RunOptions plain(Map<String, String> properties) {
    return new RunOptions(properties, Optional.empty(), ProgressListener.SILENT, b -> {});
  }
}
