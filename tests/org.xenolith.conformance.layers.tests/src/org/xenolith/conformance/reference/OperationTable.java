// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a README of UEFI firmware says of its operations: the section "Operations", tables below headings.
 *
 * @param text   the section without its own heading
 * @param pieces names of operations by the heading that they are below
 * @param errors names of EFI_STATUS codes that some row has among its errors
 */
record OperationTable(String text, Map<String, List<String>> pieces, Set<String> errors) {
  private static final String HEADING = "\n## Operations\n";
  private static final String COLUMNS = "| operation | parameters | errors | when |";
  private static final String LINE = "|---|---|---|---|";
  private static final Pattern NAMES = Pattern.compile("`\\w+`(, `\\w+`)*");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Pattern STATUS = Pattern.compile("`([A-Z][A-Z_]+[A-Z])`");

  /** Whether a README has the section. */
  static boolean isIn(String readme) {
    return readme.contains(HEADING);
  }

  /**
   * Reads the section.
   *
   * @throws IllegalArgumentException if a row isn't one: place and remedy
   */
  static OperationTable of(String readme) {
    int section = readme.indexOf(HEADING);
    if (section < 0) {
      throw new IllegalArgumentException("no section \"" + HEADING.strip() + "\" with a table \"" + COLUMNS + "\"");
    }
    String text = readme.substring(section + HEADING.length()).split("\n## ", 2)[0].strip() + '\n';
    OperationTable table = new OperationTable(text, new LinkedHashMap<>(), new TreeSet<>());
    String heading = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("### ")) {
        heading = line.substring("### ".length()).strip();
      } else if (line.startsWith("|") && !line.equals(COLUMNS) && !line.equals(LINE)) {
        table.row(heading, line);
      }
    }
    if (table.names().isEmpty()) {
      throw new IllegalArgumentException("its section \"" + HEADING.strip() + "\" has no table \"" + COLUMNS + "\"");
    }
    return table;
  }

  private void row(String heading, String line) {
    String[] cells = line.split("\\|", -1);
    if (cells.length != 6 || !NAMES.matcher(cells[1].strip()).matches() || cells[2].isBlank() || cells[4].isBlank()) {
      throw new IllegalArgumentException("\"" + line + "\": expected | `Name`, `Name` | parameters or - | errors or none | when |");
    }
    List<String> statuses = all(STATUS, cells[3]);
    if (statuses.isEmpty() != cells[3].strip().startsWith("none")) {
      throw new IllegalArgumentException("\"" + line + "\": its errors: expected none, or names such as `NOT_FOUND`");
    }
    errors.addAll(statuses);
    for (String name : all(NAME, cells[1])) {
      if (names().contains(name)) {
        throw new IllegalArgumentException("`" + name + "` has two rows");
      }
      pieces.computeIfAbsent(heading, key -> new ArrayList<>()).add(name);
    }
  }

  private static List<String> all(Pattern pattern, String cell) {
    return pattern.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toList());
  }

  /** All operations. */
  Set<String> names() {
    return pieces.values().stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
  }
}
