// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Each entry of the fuzzer: the inputs in {@code tests/org.xenolith.fuzz/corpus}, among them what campaigns found, then what a fuzzer with
 * a fixed seed makes of them, in the full lane for a minute. The default lane has all inputs in one process, and the fuzzer for some
 * seconds at one entry: it takes 6 s of CPU until it begins, and a process each. A finding names the file that repeats it.
 * Which entries there are the fuzzer itself says.
 */
@Order(2)
class FuzzTest {
  private static final Pattern ENTRY = Pattern.compile("(?m)^  ([a-z0-9]+): \\S");
  private static final Pattern SEEDS = Pattern.compile("(?m)^([a-z0-9]+): ([0-9]+) inputs, nothing found$");
  private static final Path CORPUS = Product.root().resolve("tests/org.xenolith.fuzz/corpus");
  private static final String MINUTES = Lane.full() ? "1" : "0.03";
  /** What the default lane attacks. */
  private static final String FIRST = "hypercalls";

  @TempDir
  Path folder;

  @TestFactory
  List<DynamicTest> whatIsAttackedStandsFirm() throws Exception {
    List<String> entries = entries();
    assertTrue(entries.contains(FIRST), entries::toString);
    return entries.stream().filter(entry -> Lane.full() || entry.equals(FIRST))
        .map(entry -> DynamicTest.dynamicTest(entry, () -> attack(entry))).toList();
  }

  private static List<String> entries() throws InterruptedException {
    String help = Product.run("fuzz", "--help").expect(0).out();
    List<String> entries = ENTRY.matcher(help).results().map(found -> found.group(1)).toList();
    assertTrue(entries.containsAll(List.of("hypercalls", "pci", "rings", "store", "traps")), help);
    return entries;
  }

  @Test
  void whatIsKeptOfEachEntryFindsNothing() throws InterruptedException, IOException {
    Outcome outcome = Product.run("fuzz", "--seeds").expect(0);
    Map<String, Integer> inputs = new TreeMap<>();
    SEEDS.matcher(outcome.out()).results().forEach(line -> inputs.put(line.group(1), Integer.parseInt(line.group(2))));
    Map<String, Integer> expected = new TreeMap<>();
    for (String entry : entries()) {
      try (Stream<Path> files = Files.list(CORPUS.resolve(entry))) {
        expected.put(entry, 1 + (int) files.count());
      }
    }
    assertEquals(expected, inputs, "all of its folder and the empty one");
  }

  private static void attack(String entry) throws InterruptedException {
    Product.run("fuzz", "--fresh", "--minutes", MINUTES, entry).expect(0)
        .outHas("(?m)^" + entry + ": [1-9][0-9]* executions, [0-9]+ a second, coverage [1-9][0-9]{2,}, corpus [1-9]");
  }

  /** A byte of Dom0's changes on purpose: the fuzzer stops, and the file that it names repeats it. */
  @Test
  @FullLane
  void aByteThatChangesElsewhereIsAFinding() throws Exception {
    Map<String, String> sabotage = Map.of("XENOLITH_JAVA_OPTS", "-Dxenolith.fuzz.sabotage=true" + (Lane.full() ? ""
        : " -XX:TieredStopAtLevel=1"));
    Path report = folder.resolve("report.md");
    Outcome found = Product.run(sabotage, "fuzz", "--fresh", "--minutes", "1", "--report", report, "store").expect(1)
        .errHas("(?m)byte [0-9a-f]+ of the hypervisor changed from 00 to 01$").errHas("store: something was found");
    Product.run(sabotage, "fuzz", "--seeds", "store").expect(1).outHas("(?m)^store: [0-9]+ inputs, something was found:$")
        .outHas("of the hypervisor changed from 00 to 01");
    assertTrue(Files.readString(report).contains("of the hypervisor changed from 00 to 01"), () -> "the finding is not in " + report);
    Matcher command = Pattern.compile("repeat it with: ./xenolith (fuzz --input (\\S+) store)").matcher(found.err());
    assertTrue(command.find(), found::toString);
    try {
      Product.run(sabotage, (Object[]) command.group(1).split(" ")).expect(1).outHas("of the hypervisor changed from 00 to 01");
      Product.run((Object[]) command.group(1).split(" ")).expect(0).outHas("nothing found");
    } finally {
      Files.delete(Path.of(command.group(2)));
    }
  }

  @Test
  void whatTheFuzzerDoesNotKnowIsRefused() throws Exception {
    Product.run("fuzz", "nonsense").expect(2).errHas("'nonsense'.*entries are: .*hypercalls.*traps");
    Product.run("fuzz", "--nonsense").expect(2).errHas("'--nonsense'.*Usage: ./xenolith fuzz");
    Product.run("fuzz", "--report", "/proc/nothing/report.md").expect(2).errHas("'/proc/nothing/report.md' can't be written");
    Product.run("fuzz", "--minutes", "long").expect(2).errHas("--minutes: expected a number, got 'long'");
    Product.run("fuzz", "--input", "no-such-file", "store").expect(2).errHas("can be read, got 'no-such-file'");
  }

  /** The report has what there is to know of a campaign and of each entry, and exit code 0 says that nothing was found. */
  @Test
  @FullLane
  void aCampaignHasItsReport() throws Exception {
    Path report = folder.resolve("report.md");
    Product.run("fuzz", "--fresh", "--minutes", "0.05", "--report", report, "store").expect(0);
    String text = Files.readString(report);
    for (String part : List.of("(?m)^\\| commit \\| [0-9a-f]{12}", "(?m)^\\| host \\| .+, [0-9]+ cores \\|$", "(?m)^\\| JDK \\| .*25",
        "(?m)^\\| Jazzer \\| [0-9.]+ \\|$", "(?m)^\\| minutes \\| 0\\.05 ",
        "(?m)^\\| `store` \\| .+ \\| [1-9][0-9]* \\| [0-9]+ \\| [1-9][0-9]* \\| [1-9][0-9]* \\| none \\|$",
        "(?s)## Findings\n\nNone\\.\n$")) {
      assertTrue(Pattern.compile(part).matcher(text).find(), () -> "'" + part + "' is not in\n" + text);
    }
  }
}
