// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine;

class EndPromptTest {
  /** Says its words again, and refuses none. */
  private record Echo() implements MonitorCommand {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String help() {
      return "echo WORD...               say it again";
    }

    @Override
    public String execute(Machine machine, List<String> words) {
      if (words.isEmpty()) {
        throw new BadInput("usage: echo WORD...");
      }
      return String.join(" ", words) + "\n";
    }
  }

  private static String conversation(List<String> first, String typed) throws IOException {
    PromptCommands commands = new PromptCommands(() -> List.of(new Echo()));
    StringWriter shown = new StringWriter();
    new EndPrompt(null, commands).read(new Monitor(null, null, commands, () -> {}), first, new BufferedReader(new StringReader(typed)),
        new PrintWriter(shown));
    return shown.toString();
  }

  @Test
  void whatIsSaidFirstComesAsIfItWereTyped() throws IOException {
    assertEquals("(xenolith) echo a\na\n(xenolith) echo b\nb\n", conversation(List.of("echo a"), "echo b\n"));
  }

  @Test
  void whatCantBeDoneIsSaidAndTheNextLineIsExecuted() throws IOException {
    assertEquals("(xenolith) echo\nusage: echo WORD...\n(xenolith) ech\nunknown command 'ech'; did you mean echo? 'help' lists them\n"
        + "(xenolith) echo b\nb\n", conversation(List.of("echo"), "ech\necho b"));
  }

  @Test
  void quitLeavesWhatFollows() throws IOException {
    assertEquals("(xenolith) echo a\na\n", conversation(List.of(), "echo a\n quit \necho b\n"));
  }
}
