// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Processes with guests' memory outside the heap, where the engine that writes machine code is the one that machines get. */
@FullLane
class MachineCodeScenarioTest {
  private static final Path SCENARIOS = Product.root().resolve("tests/scenarios");
  private static final Map<String, String> OUTSIDE = Map.of("XENOLITH_JAVA_OPTS", "-Dxenolith.memory=outside");
  private static final String DISK = "disk-under-load";
  @TempDir
  Path folder;

  private String digest(String name, Map<String, String> environment, String file) throws InterruptedException {
    Path xml = folder.resolve(name + ".xml");
    Outcome outcome = Product.run(environment, "run", SCENARIOS.resolve(file + ".scenario"), "--junit", xml).expect(0);
    System.out.print(outcome.out());
    return JunitXml.read(xml).digest(file.substring(file.lastIndexOf('/') + 1));
  }

  @Test
  void aScenarioEndsTheSameOutsideTheHeapAsOnIt() throws InterruptedException {
    Product.run(OUTSIDE, "models").expect(0).outHas("machinecode");
    assertEquals(digest("heap", Map.of(), DISK), digest("outside", OUTSIDE, DISK));
  }

  @Test
  void theEngineComesAndGoesUnderAGuest() throws InterruptedException {
    digest("engine", OUTSIDE, "outside/machine-code");
  }
}
