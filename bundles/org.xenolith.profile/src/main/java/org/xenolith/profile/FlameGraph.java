// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.xenolith.profile.StackTree.Node;

/** Stacks as a page that shows them in any browser, without a network. */
final class FlameGraph {
  private static final String PLACE = "/*STACKS*/null";
  /** What is narrower than this part of the whole isn't shown. */
  private static final double LEAST = 1e-5;

  private FlameGraph() {}

  /** The page. */
  static String html(StackTree<String> stacks) {
    StringBuilder data = new StringBuilder();
    Weight all = stacks.root.total();
    add(data, "all", stacks.root, all);
    return template().replace(PLACE, data);
  }

  /** A node as [name, instructions, nanoseconds, [calls]]. */
  private static void add(StringBuilder data, String name, Node<String> node, Weight all) {
    Weight total = node.total();
    data.append('[').append(text(name)).append(',').append(total.instructions).append(',').append(total.nanoseconds).append(",[");
    boolean[] first = {true};
    node.calls.forEach((frame, call) -> {
      Weight weight = call.total();
      if (weight.instructions >= LEAST * all.instructions || weight.nanoseconds >= LEAST * all.nanoseconds) {
        data.append(first[0] ? "" : ",");
        first[0] = false;
        add(data, frame, call, all);
      }
    });
    data.append("]]");
  }

  /** A text of JavaScript that can't end the script that it is in. */
  private static String text(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char letter : name.toCharArray()) {
      if (letter == '"' || letter == '\\' || letter == '<' || letter < ' ' || letter > '~') {
        quoted.append("\\u%04x".formatted((int) letter));
      } else {
        quoted.append(letter);
      }
    }
    return quoted.append('"').toString();
  }

  private static String template() {
    try (InputStream in = FlameGraph.class.getResourceAsStream("flame.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("flame.html of the bundle can't be read", e);
    }
  }
}
