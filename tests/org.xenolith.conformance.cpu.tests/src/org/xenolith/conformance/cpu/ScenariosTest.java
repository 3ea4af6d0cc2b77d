// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.a64.scenarios.Scenarios;

/** Translation, faults, syndromes, traps, debug exceptions and returns on each engine, as {@code qemu-system-aarch64} has them in the same run. */
class ScenariosTest {
  /** Not that of the scenarios that are recorded: those each engine's own bundle is held against. */
  private static final long SEED = 20_261_123L;

  /** A million in the full lane by the engine that is most often used, of all kinds together. */
  @TestFactory
  Stream<DynamicTest> everyScenarioEndsAsQemuEndsIt() {
    List<String> engines = EngineUnderTest.here();
    return engines.stream().flatMap(engine -> Scenarios.all().map(kind -> DynamicTest.dynamicTest(engine + ", " + kind, () -> {
      int count = !Lane.full() ? 1_000 : engine.equals(engines.getLast()) ? 340_000 : 30_000;
      assertEquals(List.of(), new ScenarioRun(kind, EngineUnderTest.factory(engine)).differences(SEED, count));
    })));
  }
}
