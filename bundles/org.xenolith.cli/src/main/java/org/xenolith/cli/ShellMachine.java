// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.launch.kit.StuckModel;
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
  private MachineLife life;
  private Launch launch;
  private RunDriver driver;
  private CompletableFuture<String> ended;

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
      BootCommand said = line.getCommand();
      life = new MachineLife(installed.launcher(), HangLimit.USUAL, this::say, (kind, place, text) -> {});
      launch = life.launch(said.request(true));
      driver = life.driver(PanicWatch.stops(said.onPanic), HangLimit.NONE, this::say);
      launch.connect(this::say);
    } catch (ParameterException | BadInput | StuckModel e) {
      return OptionName.onCommandLine(e.getMessage());
    }
    console.setLength(0);
    driver.board(this::shown);
    driver.attended(text -> console.append(OptionName.onCommandLine(text)));
    launch.machine().governor(true);
    ended = CompletableFuture.supplyAsync(this::run, run -> Thread.ofPlatform().daemon().name("machine's life").start(run));
    return launch.guest() + " on " + launch.platform().name() + " runs; 'console', 'send', 'halt'";
  }

  /** Returns how it ended. */
  private String run() {
    try {
      if (driver.run(RunLimit.NONE, () -> false) == null) {
        return RunEnd.left(driver.left());
      }
      RunEnd end = driver.end(Sight.UNASKED);
      return end.text().isEmpty() ? end.outcome() : end.text();
    } catch (Throwable bug) {
      return bug.toString();
    }
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
    return console + (ended != null && ended.isDone() ? "\n(ended: " + OptionName.onCommandLine(ended.join()) + ")" : "");
  }

  /** Sends a line to the board's console. */
  public String send(String... words) {
    Machine machine = running();
    machine.input("serial", launch.console(), (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
    return "";
  }

  /** Executes a line of the monitor prompt: {@code monitor devices}. */
  public String monitor(String... words) {
    return new Monitor(running(), installed.change(), installed.prompt(), driver::quit).execute(String.join(" ", words));
  }

  /** Executes a command that a bundle adds. */
  String added(String name, List<String> words) {
    try {
      return OptionName.onCommandLine(installed.prompt().execute(installed.prompt().named(name).orElseThrow(() -> new BadInput(name
          + ": the bundle that had it is gone")), running(), words));
    } catch (BadInput e) {
      return OptionName.onCommandLine(e.getMessage());
    }
  }

  private Machine running() {
    return Optional.ofNullable(launch).orElseThrow(() -> new BadInput("no machine runs; 'launch' one, with the words of boot"))
        .machine();
  }

  /** Ends the machine. */
  public String halt() {
    if (launch == null) {
      return "no machine runs";
    }
    launch = null;
    life.quit();
    ended.join();
    try {
      life.close();
      return "ended";
    } catch (StuckModel e) {
      return e.getMessage();
    }
  }

  @Override
  public void close() {
    if (launch != null) {
      halt();
    }
  }
}
