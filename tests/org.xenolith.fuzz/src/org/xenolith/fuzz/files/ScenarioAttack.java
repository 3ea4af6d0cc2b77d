// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.fuzz.Attack;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.scenario.file.Action;
import org.xenolith.scenario.file.Kinds;
import org.xenolith.scenario.file.Script;
import org.xenolith.scenario.file.ScriptReader;
import org.xenolith.scenario.file.Step;

/** Scenario files: what is read is read again, and the board that it asks for is made. */
public final class ScenarioAttack implements Attack {
  private static final String FILE = "input.scenario";
  /** What a scenario may ask for; more than any host's life. */
  private static final long LONGEST = Long.MAX_VALUE / 4;
  private final Scratch scratch = new Scratch();
  private ScriptReader reader;

  @Override
  public String word() {
    return "scenario";
  }

  @Override
  public String says() {
    return "a scenario file; the board that it asks for is made";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.scenario.**", "org.snakeyaml.engine.**");
  }

  @Override
  public void fresh() {
    Map<String, Set<String>> checks = new LinkedHashMap<>();
    FileWorld.components().stream().filter(c -> c.provides(ScenarioCheck.class)).map(c -> c.make(ScenarioCheck.class))
        .forEach(check -> checks.put(check.kind(), check.keys()));
    reader = new ScriptReader(new Kinds(checks, Map.of(), Map.of()), FileWorld.components().stream().filter(c -> c.provides(
        LaunchOption.class))
        .map(c -> c.make(LaunchOption.class)).toList());
  }

  @Override
  public List<String> execute(byte[] input) {
    Path file = scratch.write(FILE, input);
    Reading reading = new Reading(input);
    Script[] script = new Script[2];
    if (reading.done("the reader", FILE + "(:[1-9]|')", List.of(BadInput.class), () -> script[0] = reader.read(file, Map.of("given",
        "a value")))) {
      reading.done("the reader's second time", "", List.of(), () -> script[1] = reader.read(file, Map.of("given", "a value")));
      judge(reading, script[0], script[1]);
      String gic = script[0].launch().boardOptions().getOrDefault("gic", "0");
      reading.expect(gic.matches("[023]"), "GIC " + gic);
      reading.done("the board", "virt", List.of(PlatformException.class), () -> FileWorld.board().tree(new BoardRequest(
          script[0].launch().cpus().orElse(1), script[0].launch().memory().orElse(32 << 20), script[0].launch().boardOptions())));
    }
    reading.wrong().addAll(scratch.left(FILE));
    return reading.wrong();
  }

  private static void judge(Reading reading, Script script, Script again) {
    if (again == null) {
      return;
    }
    reading.expect(script.steps().stream().map(Step::text).toList().equals(again.steps().stream().map(Step::text).toList()),
        "the same file has other steps the second time");
    reading.expect(script.files().equals(again.files()) && script.disks().equals(again.disks())
        && script.consoles().equals(again.consoles()), "the same file says something else the second time");
    reading.expect(!script.steps().isEmpty(), "a scenario without steps");
    reading.expect(time(script.virtualLimit()) && time(script.hostLimit()), "limits of " + script.virtualLimit() + " and " + script
        .hostLimit());
    int line = 0;
    for (Step step : script.steps()) {
      reading.expect(step.line() >= 1 && step.number() == ++line, "step " + line + " has the number " + step.number());
      reading.expect(switch (step.action()) {
        case Action.Expect expect -> time(expect.within());
        case Action.Wait wait -> time(wait.time());
        case Action.End end -> time(end.within());
        case Action.Replace replace -> time(replace.every()) && replace.times() > 0;
        case Action.CheckEvents events -> events.least() >= 0;
        case Action.FailDisk disk -> disk.first() <= disk.last();
        default -> true;
      }, "step " + line + " makes no sense: " + step.action());
    }
  }

  /** Nanoseconds that can be added to the time of a machine. */
  private static boolean time(long nanoseconds) {
    return nanoseconds >= 0 && nanoseconds <= LONGEST;
  }
}
