// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The help of each command in a text file of its own, by which the launcher script answers where nothing is built. A file is named after
 * the words of its command, with dots between them; the top's is {@code HELP.txt}, and {@code VERSION.txt} has the version.
 */
final class HelpFiles {
  /** What picocli takes where it finds no terminal. */
  private static final int COLUMNS = 80;

  private HelpFiles() {}

  /** Writes them. @param folder empty, or not there yet */
  static void write(CommandLine top, Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> there = Files.list(folder)) {
        if (there.findAny().isPresent()) {
          throw new BadInput("--write '" + folder + "': the folder isn't empty; name one that is, or isn't there yet");
        }
      }
      Files.writeString(folder.resolve("VERSION.txt"), String.join("\n", top.getCommandSpec().version()) + "\n");
      write(top, "", folder);
    } catch (IOException e) {
      throw BadInput.of("--write", folder, e);
    }
  }

  private static void write(CommandLine command, String name, Path folder) throws IOException {
    Files.writeString(folder.resolve((name.isEmpty() ? "HELP" : name) + ".txt"), OptionName.onCommandLine(text(command)));
    for (var below : command.getSubcommands().entrySet()) {
      write(below.getValue(), name.isEmpty() ? below.getKey() : name + "." + below.getKey(), folder);
    }
  }

  /** As it is shown where there is no terminal: who writes them may sit at a wide one. */
  private static String text(CommandLine command) {
    command.getCommandSpec().usageMessage().autoWidth(false).width(COLUMNS);
    return command.getUsageMessage(Ansi.OFF);
  }
}
