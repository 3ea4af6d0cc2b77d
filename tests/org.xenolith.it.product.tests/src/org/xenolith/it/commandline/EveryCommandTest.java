// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** What holds of every command that the product lists, and those of its script: {@code --quiet}, no colours where no terminal is, and no half answer for a program. */
class EveryCommandTest {
  private static final String WRONG = "--no-such-option";
  /** What is missing on a line is said first; and whoever hands options on to another program has the one that is wrong for that. */
  private static final Pattern TOLD = Pattern.compile("^xenolith: (.*" + WRONG + "|Missing required |gdb: )");
  /** Control sequences of ECMA-48, of which letters' colours are some. */
  private static final Pattern CONTROL = Pattern.compile("\u001b");

  /** Asked for once. */
  private static Map<List<String>, String> listed;

  @TempDir
  private Path work;

  private final List<String> wrong = new ArrayList<>();

  private Map<List<String>, String> helps() throws IOException, InterruptedException {
    if (listed == null) {
      listed = ListedCommands.helps(work);
    }
    return listed;
  }

  private void must(boolean holds, String what, Outcome outcome) {
    if (!holds) {
      wrong.add(what + ": " + outcome);
    }
  }

  @Test
  void eachIsQuietOnRequestTellsOfMisuseAllTheSameAndColoursNothingThatNoTerminalShows() throws Exception {
    Map<List<String>, String> helps = helps();
    List<Object[]> lines = new ArrayList<>();
    for (List<String> command : helps.keySet()) {
      lines.add(ListedCommands.line(command, "--quiet", "--help"));
      lines.add(ListedCommands.line(command, "--quiet", WRONG));
      lines.add(ListedCommands.line(command, helps.get(command).contains("--json  ") ? "--json" : "--quiet", WRONG));
    }
    List<Outcome> outcomes = ManyLines.run(Product.root(), work, lines);
    int next = 0;
    for (List<String> command : helps.keySet()) {
      Outcome help = outcomes.get(next++);
      must(help.exit() == 0 && help.out().equals(helps.get(command)) && help.err().isEmpty(), "quiet help is the help", help);
      for (int i = 0; i < 2; i++) {
        Outcome misused = outcomes.get(next++);
        must(misused.exit() == 2 && misused.out().isEmpty() && TOLD.matcher(misused.err()).find(),
            "misuse is told, on standard error alone", misused);
        must(!misused.err().contains("'--quiet'") && !misused.err().contains("'--json'"), "those are its options", misused);
        must(!CONTROL.matcher(help.out() + misused.err()).find(), "no terminal, no colours", misused);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(helps.size() >= 30 && helps.containsKey(List.of("topology", "lint")), "it lists its commands: " + helps.keySet());
  }

  @Test
  void soDoesEachOfTheScript() throws Exception {
    for (String command : ListedCommands.ofTheScript(helps())) {
      Outcome loud = Product.run(command, "--help");
      Outcome help = Product.run(command, "--quiet", "--help");
      must(help.exit() == 0 && help.err().isEmpty() && help.out().equals(loud.out()) && !help.out().isBlank(), "quiet help is the help",
          help);
      Outcome misused = Product.run(command, "--quiet", WRONG);
      must(misused.exit() == 2 && misused.out().isEmpty() && misused.err().contains(WRONG), "misuse is told, on standard error alone",
          misused);
      must(!CONTROL.matcher(help.out() + misused.err()).find(), "no terminal, no colours", misused);
    }
    assertEquals(List.of(), wrong);
  }
}
