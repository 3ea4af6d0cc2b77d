// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.function.ToLongFunction;
import org.xenolith.profile.StackTree.Node;

/** Stacks as lines {@code outermost;…;innermost weight}, which flamegraph.pl, speedscope and others read. */
final class CollapsedStacks {
  private CollapsedStacks() {}

  /** The lines, without stacks that weigh nothing. */
  static String text(StackTree<String> stacks, ToLongFunction<Weight> weight) {
    StringBuilder text = new StringBuilder();
    add(text, "", stacks.root, weight);
    return text.toString();
  }

  private static void add(StringBuilder text, String path, Node<String> node, ToLongFunction<Weight> weight) {
    long own = weight.applyAsLong(node.self);
    if (own > 0 && !path.isEmpty()) {
      text.append(path).append(' ').append(own).append('\n');
    }
    node.calls.forEach((frame, call) -> add(text, path.isEmpty() ? clean(frame) : path + ';' + clean(frame), call, weight));
  }

  private static String clean(String frame) {
    return frame.replace(';', ':').replace('\n', ' ');
  }
}
