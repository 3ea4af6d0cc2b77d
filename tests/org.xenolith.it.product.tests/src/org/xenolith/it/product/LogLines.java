// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kernel log lines. */
public final class LogLines {
  private static final Pattern COMPLAINT = Pattern.compile(
      "WARNING:|BUG:|Unable to handle|rcu: INFO|Oops|Call trace:|synchronous external abort");
  private static final Pattern STAMP = Pattern.compile("^(?:<\\d+>)?\\[ *\\d+\\.\\d+\\] ?");

  private static final Pattern RANGE = Pattern.compile("( *)([0-9a-f]+)-([0-9a-f]+)( : reserved)");

  private LogLines() {}

  /** Fails when a kernel complained of anything. */
  public static void assertNoComplaint(String log) {
    assertEquals(List.of(), log.lines().filter(line -> COMPLAINT.matcher(line).find()).toList(), "the kernel complained");
  }

  /**
   * {@code /proc/iomem} with ranges of one name that follow each other made one: it shows whole pages, and whether two reservations
   * meet in the middle of a page or leave a gap there depends on how long the device tree happens to be.
   */
  public static List<String> joined(List<String> iomem) {
    List<String> lines = new ArrayList<>();
    for (String line : iomem) {
      Matcher next = RANGE.matcher(line);
      Matcher last = RANGE.matcher(lines.isEmpty() ? "" : lines.getLast());
      if (next.matches() && last.matches() && next.group(1).equals(last.group(1)) && next.group(4).equals(last.group(4))
          && Long.parseLong(next.group(2), 16) == Long.parseLong(last.group(3), 16) + 1) {
        lines.set(lines.size() - 1, last.group(1) + last.group(2) + "-" + next.group(3) + next.group(4));
      } else {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Lines without their time stamps. */
  public static List<String> withoutStamps(List<String> lines) {
    return lines.stream().map(line -> STAMP.matcher(line).replaceFirst("").stripTrailing()).toList();
  }
}
