// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.kit.MachineRun;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The machine of the OSGi shell: commands of the scope {@code xenolith} whose names are the methods'. It runs beside the shell on a
 * thread of its own, paced to host time. Public for the shell's reflection.
 */
public final class ShellMachine implements AutoCloseable {
  private static final int KEPT = 1 << 14;
  private static final long LOOK_MILLISECONDS = 20;
  private final Installed installed;
  private final StringBuffer console = new StringBuffer();
  private Launch launch;
  private MachineRun run;

  ShellMachine(Installed installed) {
    this.installed = installed;
  }

  /** Launches a machine with the words of {@code boot}: {@code launch virt --guest tiny}. */
  public String launch(String... words) {
    if (launch != null) {
      return "there is a machine; 'halt' ends it";
    }
    try {
      CommandLine line = BootCommand.line(installed).setOut(new PrintWriter(Writer.nullWriter()));
      line.parseArgs(words);
      launch = installed.launcher().launch(line.<BootCommand>getCommand().request(true), this::say, (kind, place, text) -> {});
    } catch (ParameterException | BadInput e) {
      return OptionName.onCommandLine(e.getMessage());
    }
    Machine machine = launch.machine();
    console.setLength(0);
    if (!launch.console().isEmpty()) {
      machine.port(launch.console(), SerialPort.class).connect(this::shown);
    }
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.governor(true);
    run = MachineRun.begin(machine, RunLimit.NONE);
    return launch.guest() + " on " + launch.platform().name() + " runs; 'console', 'send', 'halt'";
  }

  private void say(String line) {
    console.append(OptionName.onCommandLine(line)).append('\n');
  }

  private void shown(int b) {
    if (console.length() == KEPT) {
      console.delete(0, KEPT / 2);
    }
    if (b != '\r') {
      console.append((char) b);
    }
  }

  /** What the board's console has shown last. */
  public String console() {
    return console + ended().map(reason -> "\n(ended: " + reason + ")").orElse("");
  }

  private Optional<String> ended() {
    try {
      return run == null ? Optional.empty() : run.await(0).map(StopReason::toString);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (Throwable bug) {
      return Optional.of(bug.toString());
    }
  }

  /** Sends a line to the board's console. */
  public String send(String... words) {
    Machine machine = running();
    machine.input("serial", launch.console(), (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
    return "";
  }

  /** Executes a line of the monitor prompt: {@code monitor devices}. */
  public String monitor(String... words) {
    return new Monitor(running(), installed.change(), installed.prompt(), running()::stop).execute(String.join(" ", words));
  }

  /** Executes a command that a bundle adds. */
  String added(String name, List<String> words) {
    try {
      return OptionName.onCommandLine(installed.prompt().named(name).orElseThrow(() -> new BadInput(name
          + ": the bundle that had it is gone")).execute(running(), words));
    } catch (BadInput e) {
      return OptionName.onCommandLine(e.getMessage());
    }
  }

  private Machine running() {
    return Optional.ofNullable(launch).orElseThrow(() -> new BadInput("no machine runs; 'launch' one, with the words of boot"))
        .machine();
  }

  /** Ends the machine. */
  public String halt() throws InterruptedException {
    if (launch == null) {
      return "no machine runs";
    }
    Machine machine = launch.machine();
    machine.stop();
    while (ended().isEmpty() && machine.hang().isEmpty()) {
      Thread.sleep(LOOK_MILLISECONDS);
    }
    launch.close();
    launch = null;
    return "ended";
  }

  @Override
  public void close() throws InterruptedException {
    if (launch != null) {
      halt();
    }
  }
}
