package org.xenolith.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The machine of the OSGi shell: commands of the scope {@code xenolith} whose names are the methods'. It runs beside the shell on a
 * thread of its own, paced to host time. Public for the shell's reflection.
 */
public final class ShellMachine implements AutoCloseable {
  private static final int KEPT = 1 << 14;
  private final Installed installed;
  private final StringBuffer console = new StringBuffer();
  private Launch launch;
  private Thread thread;
  private volatile String ended = "";

  ShellMachine(Installed installed) {
    this.installed = installed;
  }

  /** Launches a machine with the words of {@code boot}: {@code launch virt --guest tiny}. */
  public String launch(String... words) {
    if (launch != null) {
      return "there is a machine; 'halt' ends it";
    }
    BootCommand command = new BootCommand(installed);
    try {
      new CommandLine(command).setOut(new PrintWriter(Writer.nullWriter())).parseArgs(words);
      launch = installed.launcher().launch(command.request(true), this::say, (kind, place, text) -> { });
    } catch (ParameterException | BadInput e) {
      return e.getMessage();
    }
    Machine machine = launch.machine();
    console.setLength(0);
    ended = "";
    if (!launch.console().isEmpty()) {
      machine.port(launch.console(), SerialPort.class).connect(this::shown);
    }
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.governor(true);
    thread = Thread.ofPlatform().daemon().name("machine").start(() -> ended = machine.run(RunLimit.NONE).toString());
    return launch.guest() + " on " + launch.platform().name() + " runs; 'console', 'send', 'halt'";
  }

  private void say(String line) {
    console.append(line).append('\n');
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
    return console + (ended.isEmpty() ? "" : "\n(ended: " + ended + ")");
  }

  /** Sends a line to the board's console. */
  public String send(String... words) {
    Machine machine = running();
    machine.input("serial", launch.console(), (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
    return "";
  }

  /** Executes a line of the monitor prompt: {@code monitor devices}. */
  public String monitor(String... words) {
    return new Monitor(running(), installed.change(), installed.prompt()).execute(String.join(" ", words));
  }

  /** Executes a command that a bundle adds. */
  String added(String name, List<String> words) {
    try {
      return installed.prompt().named(name).orElseThrow(() -> new BadInput(name + ": the bundle that had it is gone"))
          .execute(running(), words);
    } catch (BadInput e) {
      return e.getMessage();
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
    launch.machine().stop();
    thread.join();
    launch.close();
    launch = null;
    return "ended";
  }

  @Override public void close() throws InterruptedException {
    if (launch != null) {
      halt();
    }
  }
}
