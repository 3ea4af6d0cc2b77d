// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.layers.Layers;
import org.xenolith.conformance.reference.LiveChange.Row;
import org.xenolith.conformance.reference.LiveChange.TestName;

/**
 * The page {@code dist/reference/live-change.md}, collected from the READMEs of all provider bundles, and of those others that
 * have something to say.
 */
final class LiveChangePage {
  static final String PAGE = "live-change.md";

  private static final int PROVIDERS = 3;
  private static final Pattern CONTRACT = Pattern.compile("class \\w+ extends (\\w+Contract)\\b");

  private final Path root;
  private final Map<String, LiveChange> changes = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private LiveChangePage(Path root) {
    this.root = root;
  }

  static LiveChangePage of(Path root) throws IOException {
    LiveChangePage page = new LiveChangePage(root);
    Layers layers = new Layers(Files.readAllLines(root.resolve("releng/layers.txt")));
    for (Path folder : Checkout.bundleFolders()) {
      String name = folder.getFileName().toString();
      Path readme = folder.resolve("README.md");
      if (layers.layerOf(name).orElseThrow() == PROVIDERS || Files.exists(readme) && LiveChange.isIn(Files.readString(readme))) {
        page.add(name, readme);
      }
    }
    return page;
  }

  private void add(String name, Path readme) throws IOException {
    if (!Files.exists(readme)) {
      problems.add(name + " has no README.md: manual, quirks, what is not modelled, and the section \"## Live change\"");
      return;
    }
    try {
      changes.put(name, LiveChange.of(Files.readString(readme)));
    } catch (IllegalArgumentException e) {
      problems.add(name + "/README.md: " + e.getMessage());
    }
  }

  /** Providers that say nothing, or not everything. */
  List<String> problems() {
    return problems;
  }

  /** Tests that the page names and the tree does not have. */
  List<String> missingTests() throws IOException {
    Map<String, String> sources = testSources();
    return changes.values().stream().flatMap(change -> change.rows().values().stream()).flatMap(row -> row.tests().stream())
        .distinct().filter(test -> !declares(sources, test.type(), test.method()))
        .map(TestName::toString).toList();
  }

  /** All test sources by the simple name of their class. */
  private Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String folder : List.of("bundles", "tests")) {
      try (Stream<Path> files = Files.find(root.resolve(folder), 20, (file, facts) -> file.toString().matches(
          ".*(Test|Contract)\\.java"))) {
        for (Path file : files.filter(f -> !root.relativize(f).toString().contains("/target/")).toList()) {
          String name = file.getFileName().toString();
          sources.merge(name.substring(0, name.length() - ".java".length()), Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  String text() {
    StringBuilder text = new StringBuilder("""
                # Live change

                What adding, replacing and removing each bundle here means while a guest runs, and the tests that show it. Made by
                each build, or `releng/make-reference`, from the READMEs of the bundles; edit those. Here are all providers, and of the cores those
                that can be replaced. Other cores, base and contracts are not changed under a running machine: save a snapshot and
                start again.

                | bundle | operation | what it means | shown by |
                |---|---|---|---|
                """);
    changes.forEach((name, change) -> {
      for (String operation : LiveChange.OPERATIONS) {
        Row row = change.rows().get(operation);
        String first = operation.equals(LiveChange.OPERATIONS.getFirst())
            ? "[" + name.substring("org.xenolith.".length()) + "](../../bundles/" + name + "/README.md)" : "";
        text.append("| ").append(first).append(" | ").append(operation).append(" | ").append(row.meaning()).append(" | ")
            .append(row.tests().stream().map(test -> "`" + test + "`").collect(Collectors.joining(", "))).append(" |\n");
      }
    });
    return text.toString();
  }

  /** A method with {@code @Test}, or one that makes tests, of the class or of a contract that it extends. */
  private static boolean declares(Map<String, String> sources, String type, String method) {
    String source = sources.getOrDefault(type, "");
    Matcher contract = CONTRACT.matcher(source);
    return source.contains("void " + method + "(") || source.contains("List<DynamicTest> " + method + "(")
        || contract.find() && declares(sources, contract.group(1), method);
  }
}
