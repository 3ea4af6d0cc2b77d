// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.command.api.ExitCode;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;

/** How a run of several scenarios ends. */
class RunCommandTest {
  /** One that passed and then ended so. */
  private static ScenarioResult result(int exitCode) {
    Outcome outcome = switch (exitCode) {
      case ExitCode.DONE -> Outcome.PASSED;
      case ExitCode.INTERNAL_FAULT -> Outcome.BROKEN;
      default -> Outcome.FAILED;
    };
    return new ScenarioResult(Path.of("a.scenario"), "a", List.of(new StepResult(0, 1, "launch", Outcome.PASSED, "", 0),
        new StepResult(1, 2, "wait", outcome, "", 0, exitCode)), "", "", 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0 0,0", "1,1", "5,5", "0 5,5", "3 5,3", "5 3 0,3", "1 3 5,1", "2 1,2", "1 2,2", "4 2 1,4", "0 1 4 0,4"})
  void theWorstOfAllCounts(String codes, int expected) {
    List<ScenarioResult> results = Arrays.stream(codes.split(" ")).map(code -> result(Integer.parseInt(code))).toList();
    StringWriter said = new StringWriter();
    assertEquals(expected, RunCommand.end(results, new PrintWriter(said)));
    long good = codes.chars().filter(c -> c == '0').count();
    assertEquals("%d scenarios passed, %d failed%n".formatted(good, results.size() - good), said.toString());
  }
}
