// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a provider bundle's README says of adding, replacing and removing it: the table of its section "Live change".
 *
 * @param rows one row for each operation, in the order of {@link #OPERATIONS}
 */
record LiveChange(Map<String, Row> rows) {
  static final List<String> OPERATIONS = List.of("add", "replace", "remove");

  private static final String HEADING = "## Live change";
  private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

  /**
   * One operation.
   *
   * @param meaning what it means to the guest
   * @param tests   the tests that show it
   */
  record Row(String meaning, List<TestName> tests) {}

  /** A test method by its class's simple name. */
  record TestName(String type, String method) {
    @Override
    public String toString() {
      return type + "." + method;
    }
  }

  /** Whether a README has the section. */
  static boolean isIn(String readme) {
    return readme.contains(HEADING);
  }

  /**
   * Reads the section.
   *
   * @throws IllegalArgumentException if an operation is missing, without a meaning or without a test
   */
  static LiveChange of(String readme) {
    int section = readme.indexOf(HEADING);
    if (section < 0) {
      throw new IllegalArgumentException("no section \"" + HEADING + "\"");
    }
    Map<String, Row> rows = new LinkedHashMap<>();
    readme.substring(section).lines().map(ROW::matcher).filter(Matcher::matches).filter(row -> OPERATIONS.contains(row.group(1)))
        .forEach(row -> rows.put(row.group(1), new Row(row.group(2).strip(), tests(row.group(3)))));
    for (String operation : OPERATIONS) {
      if (!rows.containsKey(operation) || rows.get(operation).tests().isEmpty()) {
        throw new IllegalArgumentException("its section \"" + HEADING + "\" has no row \"| " + operation
            + " | meaning | `Test.method` |\"");
      }
    }
    return new LiveChange(rows);
  }

  private static List<TestName> tests(String cell) {
    List<TestName> tests = new ArrayList<>();
    for (Matcher test = TEST.matcher(cell); test.find();) {
      tests.add(new TestName(test.group(1), test.group(2)));
    }
    return tests;
  }
}
