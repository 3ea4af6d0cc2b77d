// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.profile.StackTree.Node;
import org.xenolith.profile.StackTree.Room;

/** Host time in models, firmware and a hypervisor, as they call each other. */
final class ExitCosts {
  /** Kinds and places are few, and exits nest a few times. */
  private static final int MOST = 10_000;

  private final StackTree<String> tree = new StackTree<>(new Room(MOST));
  private final Deque<Open> open = new ArrayDeque<>();
  private final Map<String, String[]> names = new HashMap<>();

  private static final class Open {
    private final Node<String> node;
    private final long since;
    private long inside;

    Open(Node<String> node, long since) {
      this.node = node;
      this.since = since;
    }
  }

  /** What one kind of exit to one place cost, without exits that it led to. */
  record Cost(String name, long count, long nanoseconds) {}

  void begin(ExitKind kind, String place, long now) {
    String[] names = this.names.computeIfAbsent(place, p -> new String[ExitKind.values().length]);
    if (names[kind.ordinal()] == null) {
      names[kind.ordinal()] = kind.text() + ' ' + place;
    }
    Node<String> parent = open.isEmpty() ? tree.root : open.peek().node;
    open.push(new Open(tree.below(parent, names[kind.ordinal()]), now));
  }

  void end(long now) {
    if (open.isEmpty()) {
      // It began before somebody watched.
      return;
    }
    Open exit = open.pop();
    long time = now - exit.since;
    exit.node.self.add(1, 0, time - exit.inside);
    if (!open.isEmpty()) {
      open.peek().inside += time;
    }
  }

  /** All exits, those that another one led to below that. */
  Node<String> root() {
    return tree.root;
  }

  /** Each kind and place, the most expensive first. */
  List<Cost> list() {
    Map<String, Weight> sums = new HashMap<>();
    add(sums, tree.root);
    List<Cost> costs = new ArrayList<>();
    sums.forEach((name, sum) -> costs.add(new Cost(name, sum.samples, sum.nanoseconds)));
    costs.sort(Comparator.comparingLong(Cost::nanoseconds).reversed().thenComparing(Cost::name));
    return costs;
  }

  private static void add(Map<String, Weight> sums, Node<String> node) {
    node.calls.forEach((name, call) -> {
      sums.computeIfAbsent(name, n -> new Weight()).add(call.self);
      add(sums, call);
    });
  }
}
