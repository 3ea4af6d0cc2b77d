// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A test runs or isn't there: one that is skipped looks as if it had passed. What is the full lane's comes from {@code Lane}. */
class SkippedTestsTest {
  /** What JUnit skips tests for; reading the lane in another place is how one comes to that. */
  private static final Pattern SKIPS = Pattern.compile("\\bapi\\.(Assumptions|Disabled|condition)\\b|getenv\\(\"XENOLITH_LANE\"\\)");

  @Test
  void noTestIsEverSkipped() throws IOException {
    List<Path> folders = new ArrayList<>(Checkout.bundleFolders().stream().map(folder -> folder.resolve("src")).toList());
    folders.add(Checkout.root().resolve("tests"));
    List<String> found = new ArrayList<>();
    int seen = 0;
    for (Path folder : folders.stream().filter(Files::isDirectory).toList()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("SkippedTestsTest.java")).toList()) {
          seen++;
          SKIPS.matcher(Files.readString(file)).results().forEach(match -> found.add(file.getFileName() + ": " + match.group()));
        }
      }
    }
    assertTrue(seen > 500, "only " + seen + " sources were read");
    assertEquals("", String.join("\n", found), "ask org.xenolith.testkit.Lane for the lane, and let a @TestFactory give no test");
  }

  @Test
  void whatSkipsIsFoundAndWhatDoesNotIsNot() {
    for (String line : List.of("import static org.junit.jupiter.api.Assumptions.assumeTrue;", "@org.junit.jupiter.api.Disabled",
        "import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;", "\"full\".equals(System.getenv(\"XENOLITH_LANE\"))")) {
      assertTrue(SKIPS.matcher(line).find(), line);
    }
    for (String line : List.of("import org.junit.jupiter.api.Test;", "void whatHasNoModelIsDisabled() {", "XENOLITH_LANE=full")) {
      assertFalse(SKIPS.matcher(line).find(), line);
    }
  }
}
