// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** All scenarios pass; one that fails says what, where and when; a file that is wrong is refused before anything runs. */
@Order(1)
class ScenarioLaneTest {
  private static final Path SCENARIOS = Product.root().resolve("tests/scenarios");
  private static final Duration ALL = Duration.ofMinutes(15);
  /** In the lane it goes on from another one's boot, by itself it boots. */
  private static final String AGAIN = "uart-removed";
  /** Those that boot several kernels are the full lane's. */
  private static final Set<String> LONG = Set.of("domain-saved", "domu-life", "guest-reset", "linux-clocks-links", "linux-faults",
      "look-at-dom0", "two-domains", "two-domains-faults");
  @TempDir
  Path folder;

  private static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(SCENARIOS)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".scenario"))
          .map(name -> name.replace(".scenario", "")).filter(name -> Lane.full() || !LONG.contains(name)).sorted().toList();
    }
  }

  /** Those of the lane. A CI server finds the XML in the checkout's target folder. */
  @Test
  void everyScenarioPassesAndEndsTheSameInAnotherProcess() throws Exception {
    Path xml = Files.createDirectories(Product.root().resolve("target")).resolve("scenarios.xml");
    Files.deleteIfExists(xml);
    List<Object> command = new ArrayList<>(List.of("run"));
    names().forEach(name -> command.add(SCENARIOS.resolve(name + ".scenario")));
    command.addAll(List.of("--junit", xml));
    try (Program lane = Product.start(command.toArray())) {
      Outcome outcome = lane.await(ALL).expect(0);
      System.out.print(outcome.out());
      outcome.outHas("passed " + AGAIN + ": .*, booted with rtc-fault");
    }
    JunitXml results = JunitXml.read(xml);
    assertEquals(names(), results.suites());
    assertTrue(results.suites().size() >= (Lane.full() ? 12 : 9), results.suites()::toString);
    assertEquals("0", results.root().getAttribute("failures"));
    assertEquals("0", results.root().getAttribute("errors"));
    assertEquals(List.of(), results.elements("skipped"));

    Path again = folder.resolve("again.xml");
    Product.run("run", SCENARIOS.resolve(AGAIN + ".scenario"), "--junit", again).expect(0);
    assertEquals(results.digest(AGAIN), JunitXml.read(again).digest(AGAIN));
  }

  @Test
  void aFailingScenarioSaysWhatWhereAndWhen() throws Exception {
    Path xml = folder.resolve("failing.xml");
    Outcome outcome = Product.run("run", SCENARIOS.resolve("failing"), "--junit", xml).expect(5);
    outcome.outHas("FAILED wrong-prompt: 1 steps").outHas("0 scenarios passed, 1 failed");
    outcome.errHas("wrong-prompt\\.scenario:7: step 2, expect login:, failed")
        .errHas("expected: a line of /pl011@9000000 that matches 'login:' within 0\\.15 s of virtual time")
        .errHas("instead:  it did not come in that time").errHas("at 0\\.3000\\d+ s of virtual time, after \\d+ instructions")
        .errHas("/pl011@9000000, last lines:\\n    \\| Xenolith tiny guest(.*\\n    \\| tick [1-6]){6}");

    JunitXml results = JunitXml.read(xml);
    assertEquals("1", results.root().getAttribute("failures"));
    Element failure = results.elements("failure").getFirst();
    assertEquals("not seen", failure.getAttribute("type"));
    assertTrue(failure.getAttribute("message").contains("matches 'login:'"), failure.getAttribute("message"));
    assertTrue(failure.getTextContent().contains("| tick 6"), failure.getTextContent());
    assertEquals("02 expect login:", ((Element) failure.getParentNode()).getAttribute("name"));
    assertEquals("03 end poweroff", ((Element) results.elements("skipped").getFirst().getParentNode()).getAttribute("name"));
  }

  @Test
  void aWrongFileIsRefusedWithItsLineBeforeAnythingRuns() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.scenario"), "guest: {name: tiny}\nsteps:\n  - expect: x\n    whitin: 1s\n");
    Outcome outcome = Product.run("run", SCENARIOS.resolve("failing"), wrong).expect(2);
    outcome.errHas("wrong\\.scenario:4: unknown key 'whitin'; expected expect, on, within");
    assertEquals("", outcome.out());
    Product.run("run", folder.resolve("none.scenario")).expect(2).errHas("none\\.scenario': there is no");
    Product.run("run", "--check", SCENARIOS).expect(0).outHas("scenarios are well-formed");
  }

  /** What the guide shows is run as it stands there. */
  @Test
  @FullLane
  void theGuidesCommandAndItsScenarioWork() throws Exception {
    String guide = Files.readString(Product.root().resolve("docs/guides/scenarios.md"));
    for (String line : fence(guide, "sh").lines().toList()) {
      Product.guide(line).expect(0).outHas("1 scenarios passed, 0 failed");
    }
    Path scenario = Files.writeString(folder.resolve("guide.scenario"), fence(guide, "yaml"));
    Product.run("run", scenario).expect(0).outHas("passed guide: 11 steps");
  }

  private static String fence(String page, String language) {
    Matcher fence = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```").matcher(page);
    assertTrue(fence.find(), "the guide has no block of " + language);
    return fence.group(1);
  }

  @Test
  @FullLane
  void aBundleThatIsNotInstalledCanNotBeReplaced() throws Exception {
    Path scenario = Files.writeString(folder.resolve("odd.scenario"),
        "guest: {name: tiny}\nplatform: {cpus: 1, gic: 2}\nsteps:\n  - replace: org.xenolith.none\n");
    Product.run("run", scenario).expect(2).errHas("odd\\.scenario:4: step 1, replace org\\.xenolith\\.none, failed")
        .errHas("instead:  it is not installed");
  }
}
