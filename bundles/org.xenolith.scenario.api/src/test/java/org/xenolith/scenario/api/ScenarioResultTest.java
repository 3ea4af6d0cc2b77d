// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;

class ScenarioResultTest {
  private static ScenarioResult result(Outcome... outcomes) {
    List<StepResult> steps = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      steps.add(new StepResult(steps.size(), 1, "launch", outcome, "", 0));
    }
    ScenarioResult result = new ScenarioResult(Path.of("a.yaml"), "a", steps, "", "", 0, 0, 0);
    steps.clear();
    return result;
  }

  /** Also one that can't be told, or that nobody came to. */
  @Test
  void everyStepThatDidNotPassFailsTheScenario() {
    assertTrue(result(Outcome.PASSED, Outcome.PASSED).passed());
    for (Outcome outcome : Outcome.values()) {
      assertEquals(outcome == Outcome.PASSED, result(Outcome.PASSED, outcome).passed(), outcome.name());
      assertEquals(outcome == Outcome.PASSED, result(outcome, Outcome.PASSED).passed(), outcome.name());
    }
  }

  @Test
  void resultKeepsItsSteps() {
    assertEquals(2, result(Outcome.PASSED, Outcome.FAILED).steps().size());
    assertFalse(result(Outcome.FAILED).passed());
  }
}
