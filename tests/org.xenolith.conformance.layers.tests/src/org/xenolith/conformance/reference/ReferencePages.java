// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pages that repeat what the bundles' READMEs say. They are in {@code dist/reference}, where each build puts them, and not in git:
 * what is in a README changes there alone.
 */
public final class ReferencePages {
  /** Their folder below the checkout. */
  static final String FOLDER = "dist/reference";

  private ReferencePages() {}

  /** Each page by its name. */
  static Map<String, String> texts(Path root) throws IOException {
    return new TreeMap<>(Map.of(BundlesPage.PAGE, BundlesPage.text(root), LiveChangePage.PAGE, LiveChangePage.of(root).text(),
        OperationsPage.PAGE, OperationsPage.of().text()));
  }

  /** Writes the pages; run by {@code releng/make-reference}. Argument: the checkout. Ends with 1 if a README says not what it must. */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("xenolith.root", arguments[0]);
    Path root = Path.of(arguments[0]);
    List<String> problems = new ArrayList<>(LiveChangePage.of(root).problems());
    problems.addAll(OperationsPage.of().problems());
    problems.forEach(System.err::println);
    Path folder = Files.createDirectories(root.resolve(FOLDER));
    for (Map.Entry<String, String> page : texts(root).entrySet()) {
      Files.writeString(folder.resolve(page.getKey()), page.getValue());
    }
    System.exit(problems.isEmpty() ? 0 : 1);
  }
}
