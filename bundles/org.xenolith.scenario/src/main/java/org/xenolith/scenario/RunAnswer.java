// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.util.List;
import java.util.Locale;
import org.xenolith.scenario.api.ScenarioResult;

/** What {@code run} answers as JSON. */
record RunAnswer(List<Scenario> scenarios, int passed, int failed) {
  /** One that was run. @param report what people are told of its failure; empty if it passed */
  record Scenario(String file, String name, boolean passed, int exitCode, List<Step> steps, double virtualSeconds, long instructions,
      double hostSeconds, String digest, String report) {}

  /** A step. @param outcome passed, failed, broken or skipped */
  record Step(int number, int line, String text, String outcome, String reason, double hostSeconds) {}

  static RunAnswer of(List<ScenarioResult> results) {
    int good = (int) results.stream().filter(ScenarioResult::passed).count();
    return new RunAnswer(results.stream().map(RunAnswer::of).toList(), good, results.size() - good);
  }

  private static Scenario of(ScenarioResult result) {
    List<Step> steps = result.steps().stream().map(step -> new Step(step.number(), step.line(), step.text(), step.outcome().name()
        .toLowerCase(
            Locale.ROOT), step.reason(), step.hostNanoseconds() / 1e9)).toList();
    return new Scenario(result.file().toString(), result.name(), result.passed(), result.exitCode(), steps, result.virtualNanoseconds()
        / 1e9,
        result.instructions(), result.hostNanoseconds() / 1e9, result.digest(), result.report());
  }
}
