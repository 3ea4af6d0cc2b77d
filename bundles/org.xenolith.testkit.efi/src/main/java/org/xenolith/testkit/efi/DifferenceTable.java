// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page's tables of what only one of two firmwares has: rows of who, what ({@code *} stands for any characters, {@code #} for a hexadecimal digit) and why, under a heading for each machine. */
public final class DifferenceTable {
  private static final String OURS = "ours";
  private static final String THEIRS = "edk2";

  private final List<Row> rows;

  private record Row(String who, String what, Pattern pattern) {
    private static Row of(String line) {
      String[] cells = line.split("\\|");
      String what = cells[2].strip().replace("`", "");
      String pattern = what.chars().mapToObj(each -> each == '*' ? ".*" : each == '#' ? "\\p{XDigit}" : Pattern.quote(Character.toString(
          each)))
          .collect(Collectors.joining());
      return new Row(cells[1].strip(), what, Pattern.compile(pattern));
    }

    private boolean explains(String difference) {
      return difference.startsWith(who + ": ") && pattern.matcher(difference.substring(who.length() + 2)).matches();
    }
  }

  private DifferenceTable(List<Row> rows) {
    this.rows = rows;
  }

  /** The table under a heading of a page. @throws IllegalArgumentException if there is none, or it has no rows */
  public static DifferenceTable of(String page, String heading) {
    int at = page.indexOf("\n## " + heading + "\n");
    int end = at < 0 ? -1 : page.indexOf("\n## ", at + 1);
    List<Row> rows = at < 0 ? List.of() : page.substring(at, end < 0 ? page.length() : end).lines().filter(line -> line.startsWith("| "
        + OURS
        + " |") || line.startsWith("| " + THEIRS + " |")).map(Row::of).toList();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no table of differences under '" + heading + "'");
    }
    return new DifferenceTable(rows);
  }

  /**
   * What is wrong with the table: differences that no row explains, and rows that no difference shows.
   *
   * @param ours   facts of one
   * @param theirs facts of the other
   * @return lines for people; none if it is right
   */
  public List<String> mistakes(Set<String> ours, Set<String> theirs) {
    Set<String> differences = new TreeSet<>();
    ours.stream().filter(each -> !theirs.contains(each)).forEach(each -> differences.add(OURS + ": " + each));
    theirs.stream().filter(each -> !ours.contains(each)).forEach(each -> differences.add(THEIRS + ": " + each));
    List<String> mistakes = new ArrayList<>();
    differences.stream().filter(each -> rows.stream().noneMatch(row -> row.explains(each))).forEach(each -> mistakes.add("not explained: "
        + each));
    rows.stream().filter(row -> differences.stream().noneMatch(row::explains)).forEach(row -> mistakes.add("shown by nothing: " + row.who
        + ": "
        + row.what));
    return mistakes;
  }
}
