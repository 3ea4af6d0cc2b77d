// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.xenolith.conformance.sources.SourceFiles;

/**
 * The commands that the pages show in fences. A fence of commands is marked {@code sh} on a page that a test goes through, or the
 * line above it says {@code <!-- run by Class.method ... -->} or {@code <!-- not run: the reason -->}.
 */
final class Commands {
  /** The tests that run the fences marked {@code sh} of these pages. */
  static final Map<Pattern, String> RUN = Map.of(Pattern.compile("README\\.md|docs/[^/]+\\.md"), "ReadmeTest",
      Pattern.compile("docs/guides/profile\\.md"), "ProfileTest", Pattern.compile("docs/guides/scenarios\\.md"), "ScenarioLaneTest",
      Pattern.compile("docs/guides/first-model\\.md"), "FirstModelGuideTest", Pattern.compile("docs/guides/host-bridge\\.md"),
      "HostBridgeGuideTest", Pattern.compile("docs/guides/root-port\\.md"), "RootPortGuideTest", Pattern.compile("docs/guides/board\\.md"),
      "BoardGuideTest", Pattern.compile("docs/guides/acpi\\.md"), "AcpiGuideTest", Pattern.compile("docs/guides/efi-driver\\.md"),
      "EfiDriverGuideTest", Pattern.compile("docs/guides/cpu\\.md"), "CpuGuideTest");

  private static final String FENCE = "```";
  /** What a line of a fence looks like that somebody may type at a shell. */
  private static final Pattern COMMAND = Pattern.compile(
      "(\\$ |[A-Z_]+=\\S+ )*(\\S*/)?(xenolith|mvn|git|java|eclipse|apt-get|docker|xvfb-run|build-model|new-bundle|update-[a-z]+|sdk/new)( .*)?");
  private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: \\S.{10,} -->");
  private static final Pattern RUN_BY = Pattern.compile("<!-- run by (CI|(\\w+)\\.(\\w+))\\b.* -->");

  private final Path root;

  Commands(Path root) {
    this.root = root;
  }

  /** The pages of people: README, top level, {@code docs}, guides, the SDK's and its templates'. */
  List<Path> pages() throws IOException {
    return SourceFiles.all(root).stream().filter(file -> file.toString().endsWith(".md")).filter(file -> root.relativize(file)
        .toString().matches("[^/]+\\.md|docs/[^/]+\\.md|docs/guides/[^/]+\\.md|releng/(.*/)?README\\.md|tests/[^/]+/README\\.md"
            + "|bundles/[^/]+/README\\.md")).toList();
  }

  /** What is wrong with the fences of a page. */
  List<String> problems(Path page) throws IOException {
    return problems(root.relativize(page).toString(), Files.readAllLines(page));
  }

  List<String> problems(String page, List<String> lines) throws IOException {
    List<String> problems = new ArrayList<>();
    String above = "";
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(FENCE)) {
        above = lines.get(i);
        continue;
      }
      int begin = i;
      String language = lines.get(i).substring(FENCE.length());
      List<String> body = new ArrayList<>();
      for (i++; i < lines.size() && !lines.get(i).equals(FENCE); i++) {
        body.add(lines.get(i));
      }
      boolean shell = language.equals("sh") || language.isEmpty() && body.stream().anyMatch(l -> COMMAND.matcher(l).matches());
      if (shell) {
        String problem = problem(page, language, above);
        if (!problem.isEmpty()) {
          problems.add(page + ":" + (begin + 1) + ": " + problem);
        }
      }
      above = "";
    }
    return problems;
  }

  private String problem(String page, String language, String above) throws IOException {
    if (NOT_RUN.matcher(above).matches()) {
      return "";
    }
    var by = RUN_BY.matcher(above);
    if (by.matches()) {
      return by.group(1).equals("CI") || exists(by.group(2), by.group(3)) ? "" : "there is no test " + by.group(1);
    }
    if (language.equals("sh") && RUN.entrySet().stream().anyMatch(entry -> entry.getKey().matcher(page).matches())) {
      return "";
    }
    return "no test runs these commands, and no line above says why: mark the fence sh, or write above it <!-- run by Class.method -->"
        + " or <!-- not run: the reason -->";
  }

  /** Whether there is such a test. */
  boolean exists(String type, String method) throws IOException {
    for (Path file : SourceFiles.all(root.resolve("tests"))) {
      if (file.getFileName().toString().equals(type + ".java")) {
        return method.isEmpty() || Files.readString(file).contains(" " + method + "(");
      }
    }
    try (Stream<Path> files = Files.find(root.resolve("bundles"), 20, (file, facts) -> file.endsWith(type + ".java"))) {
      List<Path> found = files.toList();
      return !found.isEmpty() && (method.isEmpty() || Files.readString(found.getFirst()).contains(" " + method + "("));
    }
  }
}
