// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.xenolith.command.api.HostReason;

/** Asks whoever sits at the terminal for another place for a snapshot that can't be written, before the run is lost. */
final class AnotherFolder implements BiFunction<Path, String, Optional<Path>> {
  private final PrintWriter err;
  private final Supplier<String> answers;

  /** @param answers the next line that is typed, null if nobody is there or no more is to come */
  AnotherFolder(PrintWriter err, Supplier<String> answers) {
    this.err = err;
    this.answers = answers;
  }

  /** Asks at the terminal, if there is one. */
  AnotherFolder(PrintWriter err, boolean terminal) {
    this(err, () -> terminal ? System.console().readLine() : null);
  }

  @Override
  public Optional<Path> apply(Path folder, String reason) {
    if (err instanceof ShownText texts) {
      texts.urgent();
    }
    err.println("xenolith: " + reason);
    for (;;) {
      err.println("xenolith: nothing was kept. Another folder for the snapshot, or an empty line to lose it:");
      err.flush();
      String answer = answers.get();
      if (answer == null || answer.isBlank()) {
        return Optional.empty();
      }
      try {
        return Optional.of(Path.of(answer.strip()));
      } catch (InvalidPathException e) {
        err.println("xenolith: " + HostReason.of(e).text());
      }
    }
  }
}
