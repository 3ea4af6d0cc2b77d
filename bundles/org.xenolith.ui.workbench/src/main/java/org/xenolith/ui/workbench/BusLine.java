// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A line of an indented text with the lines below it.
 *
 * @param text  without indentation
 * @param below those that are indented more, up to the next that isn't
 */
record BusLine(String text, List<BusLine> below) {
  private record Open(int indent, BusLine line) {}

  /** The lines of a text that aren't below others. */
  static List<BusLine> of(String text) {
    BusLine root = new BusLine("", new ArrayList<>());
    Deque<Open> open = new ArrayDeque<>(List.of(new Open(-1, root)));
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      int indent = line.length() - line.stripLeading().length();
      while (open.peek().indent >= indent) {
        open.pop();
      }
      BusLine made = new BusLine(line.strip(), new ArrayList<>());
      open.peek().line.below.add(made);
      open.push(new Open(indent, made));
    }
    return root.below;
  }
}
