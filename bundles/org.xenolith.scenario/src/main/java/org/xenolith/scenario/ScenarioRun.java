// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.boot.api.BootException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.HostReason;
import org.xenolith.fdt.FdtException;
import org.xenolith.launch.kit.StuckModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;
import org.xenolith.scenario.file.Script;
import org.xenolith.scenario.file.Step;

/** One run of one scenario, to its end or its first step that does not pass. */
final class ScenarioRun {
  private final Script script;
  private final Services services;
  private final RunOptions options;
  private final SharedBoots boots;
  private final List<StepResult> results = new ArrayList<>();
  private String report = "";

  ScenarioRun(Script script, Services services, RunOptions options) {
    this(script, services, options, new SharedBoots(List.of()));
  }

  /** @param boots what it has in common with others */
  ScenarioRun(Script script, Services services, RunOptions options, SharedBoots boots) {
    this.boots = boots;
    this.script = script;
    this.services = services;
    this.options = options;
  }

  ScenarioResult run() {
    long began = System.nanoTime();
    ChangedBundles bundles = new ChangedBundles(services.context(), services.change(), line -> options.progress().progress(script.name()
        + ": " + line));
    Path folder = folder();
    String digest = "";
    long now = 0;
    long instructions = 0;
    HostWatch watch = new HostWatch(script.hostLimit());
    Session session = new Session(script, services, options, folder, watch);
    try {
      StepExecutor executor = new StepExecutor(session, bundles, services);
      step(0, script.line(), "launch", () -> begin(session), session);
      for (Step step : script.steps()) {
        step(step.number(), step.line(), step.text(), () -> execute(step, executor, session), session);
      }
      mend(executor, session);
      if (session.begun()) {
        digest = session.machine().digest();
        now = session.machine().now();
        instructions = session.machine().instructions();
      }
    } finally {
      watch.close();
      close(session);
      boots.over(script);
      List<String> trouble = bundles.putBack();
      if (!trouble.isEmpty()) {
        broken("put the bundles back", String.join("; ", trouble));
      }
      delete(folder);
    }
    return new ScenarioResult(script.file(), script.name(), results, report, digest, now, instructions, System.nanoTime() - began);
  }

  private void begin(Session session) throws IOException {
    Optional<SharedBoots.Boot> boot = boots.of(script);
    if (boot.isPresent() && session.begin(boot.get())) {
      boots.used(script, boot.get());
    } else {
      session.begin();
    }
  }

  private void execute(Step step, StepExecutor executor, Session session) throws IOException {
    boolean first = step == script.steps().getFirst();
    if (first && boots.from(script).isPresent()) {
      return; // whose boot it is has seen it
    }
    executor.execute(step.action());
    if (first) {
      boots.booted(script, session);
    }
  }

  /** Ends what lasts of its faults, whatever became of it. */
  private void mend(StepExecutor executor, Session session) {
    try {
      if (session.begun()) {
        executor.mend();
      }
    } catch (RuntimeException e) {
      broken("end the faults that last", e.toString());
    }
  }

  /** What goes wrong when all is over must not hide what was before. */
  private void close(Session session) {
    try {
      session.close();
    } catch (BadInput | StuckModel e) {
      broken("close the machine", e.getMessage());
    } catch (Throwable e) {
      broken("close the machine", trace(e));
    }
  }

  private void broken(String what, String reason) {
    results.add(new StepResult(script.steps().size() + 1, script.line(), what, Outcome.BROKEN, reason.lines().findFirst().orElse(""), 0));
    report += script.file() + ": " + what + " failed: " + reason + "\n";
  }

  /** What a step does. */
  private interface Body {
    void execute() throws IOException;
  }

  private void step(int number, int line, String text, Body body, Session session) {
    if (!report.isEmpty()) {
      results.add(new StepResult(number, line, text, Outcome.SKIPPED, "", 0));
      return;
    }
    options.steps().progress(script.name() + ": " + (number == 0 ? text : "step " + number + " of " + script.steps().size() + ", " + text));
    long began = System.nanoTime();
    Outcome outcome = Outcome.PASSED;
    int exitCode = ExitCode.DONE;
    String reason = "";
    try {
      body.execute();
    } catch (StepFailure e) {
      outcome = Outcome.FAILED;
      exitCode = e.exitCode();
      reason = e.getMessage();
      report = FailureReport.of(script, line, name(number, text), e.expected(), e.instead(), session);
    } catch (StuckModel e) {
      outcome = Outcome.FAILED;
      exitCode = ExitCode.INTERNAL_FAULT;
      reason = e.getMessage();
      report = FailureReport.of(script, line, name(number, text), "every model comes back", reason, session);
    } catch (BadInput | ModelException | PlatformException | BootException | FdtException | IOException e) {
      outcome = Outcome.FAILED;
      exitCode = ExitCode.BAD_INPUT;
      reason = HostReason.of(e).text();
      report = FailureReport.of(script, line, name(number, text), "it can be done", reason, session);
    } catch (Throwable e) {
      outcome = Outcome.BROKEN;
      exitCode = ExitCode.INTERNAL_FAULT;
      reason = e.toString();
      report = FailureReport.of(script, line, name(number, text), "no fault of ours", trace(e), session);
    }
    options.steps().progress("");
    results.add(new StepResult(number, line, text, outcome, reason, System.nanoTime() - began, exitCode));
    if (outcome == Outcome.FAILED) {
      session.stayForDebugger(report);
      session.stayAtPrompt(report);
    }
  }

  private static String name(int number, String text) {
    return number == 0 ? text : "step " + number + ", " + text + ",";
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return "internal fault; please report it with this trace:\n" + text;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory(Path.of(System.getProperty("xenolith.temporary", System.getProperty("java.io.tmpdir"))),
          "scenario-");
    } catch (IOException e) {
      throw new BadInput("no folder for snapshots and disks can be made: " + HostReason.of(e).text()
          + "; set TMPDIR to one that can be written");
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // The run's temporary folder goes with the program.
    }
  }
}
