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

/**
 * Classes of a bundle's unit tests run beside each other in one process, and system properties are the process's: one that sets them runs
 * alone, or another class's test fails once in a hundred runs.
 */
class SharedPropertiesTest {
  private static final Pattern SETS = Pattern.compile(
      "\\bSystem\\s*\\.\\s*(set|clear)Propert(y|ies)\\(|System\\.setOut\\(|System\\.setErr\\(");
  private static final Pattern ALONE = Pattern.compile("(?m)^@Isolated\\b");

  private static boolean disturbs(String source) {
    return SETS.matcher(source).find() && !ALONE.matcher(source).find();
  }

  @Test
  void aUnitTestThatSetsWhatIsTheProcessSRunsAlone() throws IOException {
    List<String> found = new ArrayList<>();
    int seen = 0;
    for (Path folder : Checkout.bundleFolders().stream().map(each -> each.resolve("src/test/java")).filter(Files::isDirectory).toList()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          seen++;
          if (disturbs(Files.readString(file))) {
            found.add(file.getFileName().toString());
          }
        }
      }
    }
    assertTrue(seen > 500, "only " + seen + " sources were read");
    assertEquals(List.of(), found, "give the class org.junit.jupiter.api.parallel.Isolated");
  }

  @Test
  void whatDisturbsIsFoundAndWhatDoesNotIsNot() {
    assertTrue(disturbs("class A {\n  void a() {\n    System.setProperty(\"a\", \"b\");\n"));
    assertTrue(disturbs("class A {\n  void a() {\n    System.clearProperty(\"a\");\n"));
    assertTrue(disturbs("// @Isolated\nclass A {\n  void a() {\n    System.setErr(null);\n"));
    assertFalse(disturbs("@Isolated\nclass A {\n  void a() {\n    System.setProperty(\"a\", \"b\");\n"));
    assertFalse(disturbs("class A {\n  String a = System.getProperty(\"a\");\n"));
  }
}
