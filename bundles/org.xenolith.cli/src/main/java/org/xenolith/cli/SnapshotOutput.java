// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.FileOption;

/** Where a run's snapshot goes: if it can't be written, whoever sits there is asked for another place before the run is lost. */
final class SnapshotOutput {
  private final PrintWriter err;
  private final Supplier<String> answers;

  /** @param answers the next line that is typed, null if nobody is there or no more is to come */
  SnapshotOutput(PrintWriter err, Supplier<String> answers) {
    this.err = err;
    this.answers = answers;
  }

  /** Lines from the terminal, if there is one. */
  static SnapshotOutput of(PrintWriter err, boolean terminal) {
    return new SnapshotOutput(err, () -> terminal ? System.console().readLine() : null);
  }

  /**
   * Writes it there, or where the user then says.
   *
   * @throws BadInput with the first place's trouble, if no other place is given
   */
  void write(Path place, FileOption.Use save) {
    try {
      save.with(place);
      return;
    } catch (IOException e) {
      BadInput trouble = BadInput.of(option("save"), place, e);
      err.println("xenolith: " + trouble.getMessage());
      writeElsewhere(save, trouble);
    }
  }

  private void writeElsewhere(FileOption.Use save, BadInput trouble) {
    for (;;) {
      err.println("xenolith: nothing was kept. Another folder for the snapshot, or an empty line to lose it:");
      err.flush();
      String answer = answers.get();
      if (answer == null || answer.isBlank()) {
        throw trouble;
      }
      try {
        save.with(Path.of(answer.strip()));
        return;
      } catch (IOException e) {
        err.println("xenolith: " + BadInput.of("snapshot", Path.of(answer.strip()), e).getMessage());
      } catch (InvalidPathException e) {
        err.println("xenolith: " + HostReason.of(e).text());
      }
    }
  }
}
