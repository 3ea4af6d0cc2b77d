// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;

class ScenarioExtensionTest {
  private static ScenarioResult result(Outcome outcome) {
    return new ScenarioResult(Path.of("a.scenario"), "a", List.of(new StepResult(1, 2, "expect x", outcome, "", 0)), "the report", "",
        0, 0, 0);
  }

  @Test
  void aScenarioThatFailsFailsTheTestWithItsReport() {
    for (Outcome outcome : List.of(Outcome.FAILED, Outcome.BROKEN, Outcome.SKIPPED)) {
      String says = assertThrows(AssertionError.class, () -> ScenarioExtension.passed(result(outcome))).getMessage();
      assertTrue(says.contains("the report"), says);
    }
    ScenarioResult passed = result(Outcome.PASSED);
    assertSame(passed, ScenarioExtension.passed(passed));
  }

  @Test
  void propertiesAreNamesAndValues() {
    assertEquals(Map.of("a", "b=c", "d", ""), ScenarioExtension.properties(new String[] {"a=b=c", "d="}));
    assertThrows(IllegalArgumentException.class, () -> ScenarioExtension.properties(new String[] {"a"}));
  }
}
