// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.it.product.Product;

/**
 * The commands that the README and the pages in {@code docs} show in fences marked {@code sh} work as they stand there. The
 * guides in {@code docs/guides} have tests of their own, which follow them step by step.
 */
class ReadmeTest {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");
  /** Running the tests is what runs this test. */
  private static final String TEST = "./xenolith test";

  @TestFactory
  List<DynamicTest> eachCommandEndsWithCodeZero() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
      Matcher fences = FENCE.matcher(Files.readString(page));
      while (fences.find()) {
        for (String line : fences.group(1).replace("\\\n", " ").lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
          tests.add(DynamicTest.dynamicTest(page.getFileName() + ": " + line, () -> check(line)));
        }
      }
    }
    assertTrue(tests.size() >= 2, "the README shows how to boot and how to test; found only " + tests.size() + " commands");
    return tests;
  }

  private static void check(String line) throws InterruptedException, IOException {
    if (line.equals(TEST)) {
      assertTrue(Files.readString(Product.root().resolve(".ci/run")).strip().endsWith("exec " + TEST),
          ".ci/run does not end with the README's test command");
    } else {
      Product.shell(line).expect(0);
    }
  }

  @Test
  void theReadmeShowsBootAndTest() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher fences = FENCE.matcher(Files.readString(Product.root().resolve("README.md")));
    while (fences.find()) {
      commands.addAll(fences.group(1).lines().toList());
    }
    assertTrue(commands.containsAll(List.of("./xenolith boot", TEST)), commands::toString);
  }

  @Test
  void linksOfPagesLeadToFiles() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        if (!Files.exists(page.resolveSibling(links.group(1)))) {
          dead.add(Product.root().relativize(page) + " -> " + links.group(1));
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  private static List<Path> pages() throws IOException {
    Path root = Product.root();
    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      return Stream.concat(Stream.of(root.resolve("README.md")), docs.filter(file -> file.toString().endsWith(".md")).sorted()).toList();
    }
  }
}
