// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code xl create} is told besides options: a file, and lines that follow those of the file.
 *
 * @param file  the configuration file; empty if none is named
 * @param lines {@code KEY=VALUE}, which count before what the file says
 */
record CreateWords(String file, List<String> lines) {
  private static final String ASSIGNMENT = "[a-z][_0-9a-z]*\\+?=.*";

  /**
   * Takes words apart. A line of commands is split at blanks; a path and a value may have some: a word that begins no {@code KEY=VALUE} goes on
   * with what stands before it, unless no file was named yet.
   *
   * @param named the file where an option names it, which may look like {@code KEY=VALUE}; empty otherwise
   */
  static CreateWords of(String named, List<String> words) {
    StringBuilder file = new StringBuilder(named);
    List<String> lines = new ArrayList<>();
    boolean path = !named.isEmpty();
    for (String word : words) {
      boolean open = !path && !lines.isEmpty() && open(lines.getLast());
      if (!open && word.matches(ASSIGNMENT)) {
        lines.add(word);
        path = false;
      } else if (!open && (path || file.isEmpty())) {
        file.append(file.isEmpty() ? "" : " ").append(word);
        path = true;
      } else {
        lines.add(lines.removeLast() + " " + word);
      }
    }
    return new CreateWords(file.toString(), List.copyOf(lines));
  }

  /** The lines behind a file's text. */
  String behind(String text) {
    return lines.isEmpty() ? text : text + "\n" + String.join("\n", lines) + "\n";
  }

  /** Whether a text or a list is still to be closed. */
  private static boolean open(String line) {
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        i += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else {
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      }
    }
    return quote != 0 || depth > 0;
  }
}
