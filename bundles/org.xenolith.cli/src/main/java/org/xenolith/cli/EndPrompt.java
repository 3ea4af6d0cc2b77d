// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.MachinePrompt;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;

/**
 * The prompt at the end of a run. At a terminal lines are edited and completed, and Ctrl-C gives up the command that is executed; elsewhere each line of standard input is one,
 * and is shown before its answer.
 */
@Component(service = MachinePrompt.class)
public final class EndPrompt implements MachinePrompt {
  private static final String PROMPT = "(xenolith) ";
  private static final List<String> LEAVE = List.of("quit", "resume", "exit");
  private final LiveChange change;
  private final PromptCommands prompt;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<MonitorCommand> commands = List.of();
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<WordRelay> relays = List.of();
  /** Where the answers go; null while nobody is at the prompt. */
  private volatile PrintWriter screen;
  /** Who executes a command now; null if nobody does. */
  private volatile Thread worker;

  /** For the framework. */
  @Activate
  public EndPrompt(@Reference LiveChange change) {
    this.change = change;
    prompt = new PromptCommands(() -> List.copyOf(commands), () -> List.copyOf(relays));
  }

  EndPrompt(LiveChange change, PromptCommands prompt) {
    this.change = change;
    this.prompt = prompt;
  }

  @Override
  public void converse(Machine machine, List<String> first) {
    Monitor monitor = new Monitor(machine, change, prompt, () -> {});
    try {
      if (TerminalConsole.attached()) {
        typed(monitor, first);
      } else {
        read(monitor, first, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), new ShownText(System.out));
      }
    } catch (IOException e) {
      throw new BadInput("the prompt can't be shown: " + HostReason.of(e).text());
    } finally {
      screen = null;
    }
  }

  /** Executes lines until one leaves, or none comes. */
  void read(Monitor monitor, List<String> first, BufferedReader in, PrintWriter out) throws IOException {
    screen = out;
    first.forEach(line -> out.print(PROMPT + line + "\n" + monitor.execute(line)));
    out.flush();
    for (String line = in.readLine(); line != null && !LEAVE.contains(line.strip()); line = in.readLine()) {
      out.print(PROMPT + line.strip() + "\n" + monitor.execute(line.strip()));
      out.flush();
    }
  }

  private void typed(Monitor monitor, List<String> first) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).name("xenolith").build()) {
      if (terminal.getColumns() <= 0 || terminal.getRows() <= 0) {
        terminal.setSize(MonitorPrompt.USUAL);
      }
      LineReader reader = PromptReader.of(terminal, new PromptCompleter(monitor::names, monitor::bundles, monitor::nodes,
          monitor::completions));
      screen = terminal.writer();
      terminal.handle(Signal.INT, signal -> interrupt());
      for (String line : first) {
        terminal.writer().print(PROMPT + line + "\n");
        show(terminal, executed(monitor, line));
      }
      for (boolean again = true; again;) {
        try {
          String line = reader.readLine(PROMPT).strip();
          again = !LEAVE.contains(line);
          show(terminal, again ? executed(monitor, line) : "");
        } catch (UserInterruptException forgotten) {
          // The next line is read.
        } catch (EndOfFileException left) {
          again = false;
        }
      }
    }
  }

  private static void show(Terminal terminal, String answer) {
    terminal.writer().print(answer);
    terminal.flush();
  }

  /** Executes a line on a thread of its own, which Ctrl-C interrupts. */
  private String executed(Monitor monitor, String line) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    worker = Thread.ofPlatform().daemon().name("monitor command").start(() -> answer.complete(monitor.execute(line)));
    try {
      return answer.join();
    } finally {
      worker = null;
    }
  }

  /** Ctrl-C, also between two commands, where there is nothing to give up. */
  private void interrupt() {
    Thread now = worker;
    if (now != null) {
      now.interrupt();
    }
  }

  @Override
  public void tell(String text) {
    PrintWriter out = screen;
    if (out != null) {
      out.print(text);
      out.flush();
    }
  }
}
