// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.Heartbeat;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.launch.kit.EventFilter;
import org.xenolith.launch.kit.EventFilter.Wanted;
import org.xenolith.launch.kit.FirstLook;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.launch.kit.StuckModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.profile.api.Profile;
import org.xenolith.profile.api.ProfileRequest;

/** One run of {@code boot}: launch, execute, report; with {@code --times} more than once. */
final class BootSession {
  private static final double NANOSECONDS = 1e9;
  private final Installed installed;
  private final BootCommand request;
  private final PrintWriter err;
  /** Host seconds from the program's start to the first guest instruction of all. */
  private double start;
  /** Host seconds of each boot so far, from its first guest instruction to its end. */
  private final List<Double> boots = new ArrayList<>();
  private LaunchRequest asked;
  /** Whether the boot that ended is not the last. */
  private boolean again;
  private final MachineLife life;
  /** All is done but to take the machine apart. */
  private boolean done;

  BootSession(Installed installed, BootCommand request, PrintWriter err) {
    this.installed = installed;
    this.request = request;
    this.err = err;
    EventLog told = new EventFilter(request.verbose ? Wanted.ALL : Wanted.ANNOUNCED, this::tell, (kind, place, text) -> {});
    life = new MachineLife(installed.launcher(), HangLimit.ofSeconds(request.hangLimit), this::progress, told);
  }

  int run() throws IOException {
    boolean terminal = TerminalConsole.attached();
    int code;
    do {
      code = boot(terminal);
    } while (again);
    return code;
  }

  private int boot(boolean terminal) throws IOException {
    asked = request.request(terminal);
    done = false;
    if (request.replay != null) {
      FileOption.use("replay", request.replay, file -> installed.change().begin(file, this::progress));
    }
    try (life) {
      Launch launch = life.launch(asked);
      if (request.verbose) {
        progress(MemoryBound.said(Runtime.getRuntime().maxMemory(), launch.platform().memory().stream().mapToLong(each -> each.size())
            .sum()));
      }
      if (!request.load()) {
        tellUnmodelled(launch.machine());
      } else {
        progress("goes on from " + request.loaded() + " at " + seconds(launch.machine()));
      }
      int code = execute(launch, terminal);
      done = true;
      return code;
    } catch (StuckModel e) {
      ProgramEnd.now(ExitCode.INTERNAL_FAULT, "xenolith: ended, because a model did not come back" + (done ? "" : " (--hang-limit)"));
      return ExitCode.INTERNAL_FAULT;
    }
  }

  private static String seconds(Machine machine) {
    return String.format(Locale.ROOT, "%.3f virtual seconds", machine.now() / NANOSECONDS);
  }

  private void progress(String line) {
    err.println("xenolith: " + line);
    err.flush();
  }

  private void tell(String kind, String place, String text) {
    err.println("xenolith: " + kind + " " + place + ": " + text);
    if (kind.equals(MachineLife.HANGS) && err instanceof ShownText texts) {
      texts.urgent();
    }
    if (kind.equals(MachineLife.HANGS) && TerminalConsole.attached()) {
      err.println("xenolith: Ctrl-] and 'off' takes it off the bus; Ctrl-] and 'quit', or Ctrl-C, ends the run");
    }
    err.flush();
  }

  private void tellUnmodelled(Machine machine) {
    if (request.verbose) {
      machine.unmodelled().forEach(node -> err.println("xenolith: no model for " + node + ": disabled for the guest"));
    } else if (!machine.unmodelled().isEmpty()) {
      err.println("xenolith: " + machine.unmodelled().size() + " nodes without a model are disabled for the guest"
          + " (listed with --verbose and in the report)");
    }
  }

  private int execute(Launch launch, boolean terminal) throws IOException {
    Machine machine = launch.machine();
    HeldOutput out = new HeldOutput(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 13));
    ConsoleOutput console = new ConsoleOutput(out, request.marker(), terminal || request.stdin, TerminalConsole.shown(), machine::stop);
    HangLimit hangLimit = terminal ? HangLimit.NONE : HangLimit.ofSeconds(request.hangLimit);
    RunDriver driver = life.driver(PanicWatch.stops(request.onPanic), hangLimit, this::progress);
    ConsoleEnd end = driver.console(console);
    end.show(request.console);
    List<String> unshown = end.unshown();
    if (!unshown.isEmpty()) {
      err.println("xenolith: the console of " + String.join(", ", unshown) + " isn't shown; --console " + unshown.getFirst() + " shows it");
    }
    // Without time that passes as a person's does a guest that waits for input would run through all of it before the first key comes.
    driver.input(Optional.ofNullable(request.record), request.journalled(terminal).line(), Optional.ofNullable(request.replay), terminal
        || request.stdin);
    if (terminal && end.present() && request.replay == null && boots.isEmpty()) {
      err.println(
          "xenolith: Ctrl-] leads to the monitor prompt: 'help' there lists its commands, 'quit' ends the run");
    }
    err.flush();
    if (err instanceof ShownText texts) {
      texts.attended();
    }
    if (boots.isEmpty()) {
      start = sinceStart();
    }
    long began = System.nanoTime();
    StopReason reason;
    List<HeldOutput> shown = err instanceof ShownText texts ? List.of(out, texts.held()) : List.of(out);
    ProgramEnd.first(() -> {
      console.ending();
      HeldOutput.release(shown); // a prompt may be open
      if (err instanceof ShownText texts) {
        texts.urgent();
      }
    });
    try (var keyboard = InputSource.open(terminal, request, end, shown, machine, installed, driver::quit);
        var profile = profile(machine)) {
      if (keyboard.attended()) {
        driver.attended(keyboard::prompt);
      }
      installed.plugins().forEach(PluginsFolder::start);
      reason = run(driver, request.limit(terminal), console);
      boots.add((System.nanoTime() - began) / NANOSECONDS);
      if (profile != null && reason != null) {
        FileOption.use("profile", request.profile, profile::write);
      }
    } finally {
      console.flush();
      ProgramEnd.first(null);
    }
    if (request.save != null && reason == null) {
      err.println("xenolith: " + RunEnd.unsaved(request.save));
    } else if (request.save != null) {
      Path folder = save(terminal);
      err.println("xenolith: saved in " + folder + " at " + seconds(machine) + "; boot --load " + folder + " goes on from there");
    }
    int code = finish(launch, console, driver.end(sight(console)));
    if (request.stay && reason != null) {
      if (!terminal) {
        console.breakLine();
      }
      EndPrompt prompt = new EndPrompt(installed.change(), installed.prompt());
      driver.attended(prompt::tell);
      prompt.converse(machine, FirstLook.of(machine, driver.panic()));
    }
    return code;
  }

  /** Saves all of it; whoever waits hears of it, but while he is asked. */
  private Path save(boolean terminal) throws IOException {
    AnotherFolder another = new AnotherFolder(err, terminal);
    try (Heartbeat work = Heartbeat.to(err)) {
      work.begins("saving all of the machine");
      return life.save(request.save, (folder, reason) -> {
        work.begins("");
        Optional<Path> next = another.apply(folder, reason);
        work.begins("saving all of the machine");
        return next;
      });
    }
  }

  /** Runs the machine; null if it was left in a call that doesn't come back. */
  private StopReason run(RunDriver driver, WrittenLimit limit, ConsoleOutput console) {
    try {
      StopReason reason = limit.run(driver, () -> console.seen() || console.trouble() != null);
      if (reason == null) {
        err.println("xenolith: " + RunEnd.left(driver.left()) + (driver.isQuitting() ? "" : " (--hang-limit)"));
      }
      return reason;
    } catch (OutOfMemoryError e) {
      // Before anything is closed, which may need memory, too.
      Commands.memoryUsedUp();
      throw e;
    }
  }

  /** The profile that is wanted, begun; null if none is. */
  private Profile profile(Machine machine) {
    if (request.profile == null) {
      return null;
    }
    return new ProfileRequest(request.profilePeriod, request.symbols()).begin(machine, installed.profilers());
  }

  /** Host seconds since the launcher script began, or since the program did when it was started without it. */
  private static double sinceStart() {
    Long microseconds = Long.getLong("xenolith.started");
    Instant began = microseconds != null ? Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS)
        : ProcessHandle.current().info().startInstant().orElse(Instant.now());
    return Duration.between(began, Instant.now()).toNanos() / NANOSECONDS;
  }

  private Sight sight(ConsoleOutput console) {
    return console.seen() ? Sight.SEEN : request.until != null ? Sight.UNSEEN : Sight.UNASKED;
  }

  /** The remedy for kernels that take their console from no table but from their command line, as Linux does on a PC. */
  private String hintOfConsole() {
    return asked.has("kernel") && !asked.text("append").orElse("").contains("console=")
        ? "; a kernel that doesn't find it by itself is told with --append console=NAME (of Linux: ttyS0, ttyAMA0, hvc0)" : "";
  }

  private int finish(Launch launch, ConsoleOutput console, RunEnd end) {
    Machine machine = launch.machine();
    String outcome = end.outcome();
    again = boots.size() < request.times && (outcome.equals("marker") || outcome.equals("poweroff") || outcome.equals("exit")
        && end.exitCode() == ExitCode.DONE);
    if (request.report != null && !again) {
      Map<String, Long> events = machine.events();
      new RunReport(outcome, outcome.equals("exit") ? end.exitStatus() : null, machine.instructions(), machine.now() / NANOSECONDS, boots
          .getLast(), start,
          List.copyOf(boots), end.reason() == null ? "" : machine.digest(), events, events.getOrDefault("unmodelled-access", 0L),
          machine.unmodelled(), launch.guest(), launch.platform().name()).write(request.report);
    }
    if (end.text().isEmpty()) {
      console.endLine();
    } else {
      err.println();
      err.println("xenolith: " + end.text());
    }
    // Also where it powers off, which is told by nothing else than the exit code.
    if (console.bytes() == 0 && end.reason() != null) {
      err.println("xenolith: the guest never wrote to its console" + hintOfConsole());
    }
    err.flush();
    if (console.trouble() != null) {
      err.println("xenolith: " + console.trouble());
      return ExitCode.BAD_INPUT;
    }
    return end.exitCode();
  }
}
