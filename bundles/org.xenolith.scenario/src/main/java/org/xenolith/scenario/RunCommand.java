// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.ExitMeaning;
import org.xenolith.command.kit.Heartbeat;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.file.Script;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: executes scenarios. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Executes scenarios: machine, guests, and steps with what must happen (docs/guides/scenarios.md). Of several exit"
        + " codes the worst counts: 4 before 2, 1, 3 and 5.")
final class RunCommand implements Callable<Integer> {
  private static final String ENDING = ".scenario";
  private final ScenarioEngine engine;

  @Spec
  CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scenario files, folders with files *.scenario in them, or"
      + " journals of scenarios (*.journal), which have the scenario in them.")
  List<Path> inputs = new ArrayList<>();

  @Option(names = "--junit", paramLabel = "OUT.xml", description = "Write the results as JUnit XML.")
  Path junit;

  @Option(names = "-D", paramLabel = "NAME=VALUE", description = "What $${NAME} stands for in the files. May be repeated.")
  Map<String, String> properties = new LinkedHashMap<>();

  @Option(names = "--record", paramLabel = "DIR",
      description = "Write a journal of each machine's outside input. It has the scenario, too, so"
          + " that 'open' runs it elsewhere.")
  Path record;

  @Option(names = "--console", description = "Show the boards' consoles while they run.")
  boolean console;

  @Option(names = "--check", description = "Only check the files.")
  boolean check;

  @Option(names = "--gdb", paramLabel = "[HOST:]PORT", arity = "0..1", preprocessor = AttachedValue.class,
      description = "Wait for a debugger at a port ('=' before it; 1234 without, 0 is any that is free) of each machine. A machine whose"
          + " scenario fails stays halted where it failed, until a debugger or Ctrl-C ends its run.")
  String gdb;

  @Option(names = "--stay",
      description = "When a scenario fails, stay at the monitor prompt: its machine stands where it failed, and has its"
          + " past. Where no terminal is, lines of standard input are executed.")
  boolean stay;

  @Mixin
  JsonOption json = new JsonOption();

  RunCommand(ScenarioEngine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    RunOptions options = new RunOptions(properties, Optional.ofNullable(record), line -> say(err, line), b -> {
      if (console) {
        out.write(b);
        if (b == '\n') {
          out.flush();
        }
      }
    });
    if (gdb != null) {
      options = options.debugged(gdb);
    }
    if (stay) {
      options = options.prompted(engine.prompt());
    }
    requireFolder();
    List<Script> scripts = read(options, err);
    if (json.asked() && (console || stay)) {
      throw new BadInput(option("json") + ": standard output has the answer alone; leave out " + option(console ? "console" : "stay"));
    }
    if (check && json.asked()) {
      JsonOption.print(out, "run-check", 1, new Checked(scripts.stream().map(script -> script.file().toString()).toList()));
      return ExitCode.DONE;
    }
    if (check) {
      out.println(scripts.size() + " scenarios are well-formed");
      return ExitCode.DONE;
    }
    if (record != null) {
      Files.createDirectories(record);
    }
    List<ScenarioResult> results = new ArrayList<>();
    SharedBoots boots = new SharedBoots(wholeRuns() ? List.of() : scripts);
    try (Heartbeat work = Heartbeat.to(err)) {
      if (!console) {
        options = options.stepped(work::begins);
      }
      run(scripts, options, boots, results);
    }
    if (json.asked()) {
      JsonOption.print(out, "run", 1, RunAnswer.of(results));
      return exitCode(results);
    }
    return end(results, out);
  }

  private void run(List<Script> scripts, RunOptions options, SharedBoots boots, List<ScenarioResult> results) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    for (Script script : scripts) {
      ScenarioResult result = engine.run(script, options, boots);
      results.add(result);
      // Who stayed has read the report; of what wasn't launched there was nowhere to stay.
      tell(result, boots.from(script).map(each -> ", booted with " + each).orElse(""), json.asked() ? err : out, err, !stay || result
          .digest().isEmpty());
      if (junit != null) {
        write(results); // after each, so that what was done is kept whatever comes
      }
    }
  }

  /** The answer of {@code --check} as JSON. */
  private record Checked(List<String> files) {}

  /** Whether somebody wants all of each machine's run: a journal, a debugger, a person who stays, or reads the consoles. */
  private boolean wholeRuns() {
    return record != null || gdb != null || stay || console;
  }

  private void requireFolder() {
    Path folder = junit == null ? null : junit.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new BadInput("--junit '" + junit + "': there is no folder " + folder + "; make it first");
    }
  }

  /** Every file is checked before any is run. */
  private List<Script> read(RunOptions options, PrintWriter err) {
    List<Script> scripts = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (Path file : files()) {
      try {
        scripts.add(engine.read(file, options));
      } catch (BadInput e) {
        bad.add(e.getMessage());
      }
    }
    if (!bad.isEmpty()) {
      bad.subList(0, bad.size() - 1).forEach(message -> say(err, message));
      throw new BadInput(bad.getLast());
    }
    return scripts;
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path input : inputs) {
      if (!Files.isDirectory(input)) {
        files.add(input);
        continue;
      }
      try (Stream<Path> all = Files.list(input)) {
        List<Path> found = all.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        if (found.isEmpty()) {
          throw new BadInput("'" + input + "': no file *" + ENDING + " in it");
        }
        files.addAll(found);
      } catch (IOException e) {
        throw BadInput.of("scenarios in", input, e);
      }
    }
    return files;
  }

  private static void tell(ScenarioResult result, String more, PrintWriter out, PrintWriter err, boolean reports) {
    out.printf("%s %s: %d steps, %s of virtual time, %.1f s, digest %s%s%n", result.passed() ? "passed" : "FAILED", result.name(),
        result.steps().stream().filter(step -> step.outcome() == Outcome.PASSED && step.number() > 0).count(),
        Session.seconds(result.virtualNanoseconds()), result.hostNanoseconds() / 1e9,
        result.digest().isEmpty() ? "none" : result.digest().substring(0, 16), more);
    out.flush();
    if (reports && !result.report().isEmpty()) {
      err.print(result.report());
      err.flush();
    }
  }

  private void write(List<ScenarioResult> results) {
    try {
      JunitReport.write(junit, results);
    } catch (IOException e) {
      throw BadInput.of(option("junit"), junit, e);
    }
  }

  /** Says how many passed. @return the worst of their exit codes */
  static int end(List<ScenarioResult> results, PrintWriter out) {
    long passed = results.stream().filter(ScenarioResult::passed).count();
    out.printf("%d scenarios passed, %d failed%n", passed, results.size() - passed);
    out.flush();
    return exitCode(results);
  }

  private static int exitCode(List<ScenarioResult> results) {
    return results.stream().mapToInt(ScenarioResult::exitCode).reduce(ExitCode.DONE, ExitMeaning::worst);
  }

  private static void say(PrintWriter err, String line) {
    err.println("xenolith: " + line);
    err.flush();
  }
}
