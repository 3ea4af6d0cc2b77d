// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioRunner;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.scenario.ScenarioTest;

/** Scenarios as tests of the test kit, and what the engine leaves behind. */
@FullLane
class ScenarioTestTest {
  private static final String RTC = "org.xenolith.hw.pl031";
  @TempDir
  Path folder;

  @BeforeEach
  void installTheProduct() {
    InstalledProduct.get();
  }

  @ScenarioTest("tests/scenarios/uart-removed.scenario")
  void theUartComesBack(ScenarioResult result) {
    assertEquals("uart-removed", result.name());
    assertTrue(result.virtualNanoseconds() > 2_000_000_000L, result::toString);
    assertEquals(64, result.digest().length());
  }

  @Test
  void bundlesAreAsBeforeEvenWhenAScenarioFails() throws IOException {
    InstalledProduct product = InstalledProduct.get();
    Bundle rtc = product.bundle(RTC);
    String version = rtc.getVersion().toString();
    Path file = Files.writeString(folder.resolve("fails.scenario"), """
        guest: {name: tiny}
        steps:
          - expect: tick 1
          - replace: %1$s
            version: 7.0.0
          - check: device
            node: /pl031@9010000
            version: 7.0.0
          - remove: org.xenolith.hw.pl061
          - expect: never
            within: 100ms
        """.formatted(RTC));
    ScenarioResult result = product.service(ScenarioRunner.class).run(file, Map.of());
    assertFalse(result.passed());
    assertTrue(result.report().contains("fails.scenario:10: step 5, expect never, failed"), result.report());
    assertEquals(version, product.bundle(RTC).getVersion().toString());
    assertNotNull(product.bundle("org.xenolith.hw.pl061"));
    assertTrue((product.bundle("org.xenolith.hw.pl061").getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0);
  }
}
