// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** What strangers read first stays short, and names what there is: README, lists of pages, figures and rules, the change log. */
class FrontPagesTest {
  /** What a cell of README's table may show: two lines of a browser's window. */
  private static final int CELL = 150;
  /** Lines of README, its picture and its commands among them. */
  private static final int LINES = 75;
  /** Lines of one area of what isn't released: a screen. */
  private static final int SCREEN = 60;
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)\\]\\([^)]*\\)|<!--.*?-->");

  /** A test or a contract of tests, and a method of it. */
  private static final Pattern CHECK = Pattern.compile("`(\\w+(?:Test|Contract))(?:\\.(\\w+))?`");

  private final Path root = Checkout.root();
  private final Commands commands = new Commands(root);

  @Test
  void theReadmeIsShort() throws IOException {
    List<String> lines = Files.readAllLines(root.resolve("README.md"));
    assertTrue(lines.size() <= LINES, "README.md has " + lines.size() + " lines: what is more than " + LINES
        + " goes to docs/tour.md or docs/status.md");
    assertEquals(List.of(), longCells(lines), "cells of README.md that don't fit on two lines; docs/status.md has room");
  }

  /** The cells that show more than they may. */
  private static List<String> longCells(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("|")).flatMap(line -> Stream.of(line.split("\\|"))).map(cell -> LINK.matcher(
        cell).replaceAll("$1").strip()).filter(cell -> cell.length() > CELL).toList();
  }

  @Test
  void aCellIsMeasuredAsItIsShown() {
    assertEquals(List.of(), longCells(List.of("| a | [b](" + "c".repeat(CELL) + ") |", "x".repeat(CELL + 1))));
    assertEquals(1, longCells(List.of("| a | [" + "b".repeat(CELL + 1) + "](c) |")).size());
  }

  @Test
  void eachPageIsInTheListOfPages() throws IOException {
    assertEquals(List.of(), unnamed("docs", "docs/README.md", ""), "docs/README.md doesn't name them");
    assertEquals(List.of(), unnamed("docs/guides", "docs/README.md", "guides/"), "docs/README.md doesn't name them");
    assertEquals(List.of(), unnamed("docs/reference", "docs/reference/README.md", ""), "docs/reference/README.md doesn't name them");
  }

  @Test
  void eachFigureIsInTheListOfFiguresAndReplacesTheOneBefore() throws IOException {
    assertEquals(List.of(), unnamed("docs/figures", "docs/figures/README.md", ""), "docs/figures/README.md doesn't name them");
    try (Stream<Path> files = Files.list(root.resolve("docs/figures"))) {
      assertEquals(List.of(), files.map(file -> file.getFileName().toString()).filter(name -> name.matches(".*\\d{4}-\\d\\d-\\d\\d.*"))
          .sorted().toList(), "of figures the newest of a kind has the kind's name, without a date: git has those before");
    }
  }

  /** Files of a folder that a page doesn't link to. */
  private List<String> unnamed(String folder, String page, String prefix) throws IOException {
    String text = Files.readString(root.resolve(page));
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).filter(name -> !name.equals("README.md")
          && !text.contains("](" + prefix + name + ")")).sorted().toList();
    }
  }

  /** Each rule says what checks it: a test that there is, or that it is a review. */
  @Test
  void eachRuleSaysWhatChecksIt() throws IOException {
    List<String> wrong = new ArrayList<>();
    int rules = 0;
    for (String line : Files.readAllLines(root.resolve("docs/contributing-rules.md"))) {
      String[] cells = line.split("\\|");
      String checked = cells[cells.length - 1];
      if (!line.startsWith("| ") || checked.strip().equals("checked by")) {
        continue;
      }
      rules++;
      List<MatchResult> tests = CHECK.matcher(checked).results().toList();
      if (tests.isEmpty() && !checked.contains("review") && !checked.contains("see above")) {
        wrong.add("no test, and no review: " + line);
      }
      for (MatchResult test : tests) {
        if (!commands.exists(test.group(1), test.group(2) == null ? "" : test.group(2))) {
          wrong.add("there is no " + test.group());
        }
      }
    }
    assertTrue(rules > 20, "rules: " + rules);
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void whatIsNotReleasedIsAScreenAnArea() throws IOException {
    Map<String, Integer> lines = new TreeMap<>();
    List<String> area = new ArrayList<>(List.of(""));
    String released = "\n## ";
    String text = Files.readString(root.resolve("CHANGELOG.md"));
    int begin = text.indexOf("## Unreleased");
    int end = text.indexOf(released, begin);
    text.substring(begin, end < 0 ? text.length() : end).lines().forEach(line -> {
      if (line.startsWith("### ")) {
        area.set(0, line);
      }
      lines.merge(area.getFirst(), 1, Integer::sum);
    });
    assertTrue(lines.size() > 5, () -> "areas: " + lines);
    lines.values().removeIf(count -> count <= SCREEN);
    assertEquals(Map.of(), lines, "areas of CHANGELOG.md that are longer than a screen: say it shorter, or divide them");
  }
}
