// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Figures that pages quote from the last bench, {@code docs/figures/bench.md}. Behind a quoted number stands which one it is, in a comment
 * that is not shown: {@code 6 s<!-- boot.guest ours -->}. It is right if the figure, in the unit that stands there and rounded to as many
 * digits, is that number.
 */
final class QuotedFigures {
  private static final Pattern ROW = Pattern.compile(
      "(?m)^\\| `([^`]+)` \\| (\\w+) \\| ([\\d.]*)[^|]*\\| ([\\d.]*)[^|]*\\| ([\\d.]*) ?\\|");
  private static final Pattern QUOTE = Pattern.compile("(\\d+(?:\\.\\d+)?)(?: (s|ms|us|ns|MiB))?<!-- (\\S+) (ours|QEMU|ratio) -->");
  /** Numbers that can only have been measured. */
  private static final Pattern MEASURED = Pattern.compile(
      "\\d[\\d .]* ?(?:s|ms|us|ns|MiB/s|million instructions)\\b(?!<!-- )|\\d[\\d.]* times QEMU");
  private static final List<String> UNITS = List.of("ns", "us", "ms", "s");

  private record Figure(String unit, Map<String, String> values) {}

  private final Map<String, Figure> figures = new HashMap<>();

  QuotedFigures(String page) {
    for (MatchResult row : ROW.matcher(page).results().toList()) {
      figures.put(row.group(1), new Figure(row.group(2), Map.of("ours", row.group(3), "QEMU", row.group(4), "ratio", row.group(5))));
    }
  }

  int count() {
    return figures.size();
  }

  /** What is wrong with the figures of a page, and numbers with units that say not which figure they are. */
  List<String> problems(String name, String page) {
    List<String> problems = new ArrayList<>();
    String text = page.replaceAll("(?ms)^```.*?^```", "").replaceAll("`[^`\n]*`", "");
    for (MatchResult quote : QUOTE.matcher(page).results().toList()) {
      String problem = problem(quote.group(1), quote.group(2), quote.group(3), quote.group(4));
      if (!problem.isEmpty()) {
        problems.add(name + ": " + quote.group() + ": " + problem);
      }
    }
    for (MatchResult number : MEASURED.matcher(text).results().toList()) {
      problems.add(name + ": '" + number.group() + "' says not which figure of docs/figures/bench.md it is: 6 s<!-- boot.guest ours -->");
    }
    return problems;
  }

  private String problem(String number, String unit, String name, String side) {
    Figure figure = figures.get(name);
    if (figure == null || figure.values.get(side).isEmpty()) {
      return "docs/figures/bench.md has no such figure";
    }
    BigDecimal value = new BigDecimal(figure.values.get(side));
    if (!side.equals("ratio") && !figure.unit.equals(unit)) {
      if (!UNITS.contains(figure.unit) || !UNITS.contains(unit)) {
        return "its unit is " + figure.unit;
      }
      value = value.scaleByPowerOfTen(3 * (UNITS.indexOf(figure.unit) - UNITS.indexOf(unit)));
    }
    BigDecimal quoted = new BigDecimal(number);
    return value.setScale(quoted.scale(), RoundingMode.HALF_UP).compareTo(quoted) == 0 ? "" : "it is " + value.toPlainString();
  }
}
