// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes as a transaction sees and changes them. Each node that it touches must be, at its end, what it was at the first
 * touch; otherwise nothing of it happens.
 */
final class StoreTransaction implements NodeView {
  private static final long ABSENT = -1;

  private final StoreTree tree;
  private final int most;
  private final Map<String, Long> touched = new LinkedHashMap<>();
  /** What it changed; null for a node that it removed. */
  private final Map<String, Node> changed = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final OwnerCount owners = new OwnerCount();

  /** @param most nodes it may touch */
  StoreTransaction(StoreTree tree, int most) {
    this.tree = tree;
    this.most = most;
  }

  @Override
  public Node find(String path) {
    if (changed.containsKey(path)) {
      return changed.get(path);
    }
    Node node = tree.find(path);
    if (!touched.containsKey(path)) {
      if (touched.size() >= most) {
        throw new StoreFault(StoreError.ENOSPC);
      }
      touched.put(path, node == null ? ABSENT : node.generation());
    }
    // A node that changed since is seen as it is now: the end will find out.
    return node;
  }

  @Override
  public void put(String path, Node node) {
    owners.change(find(path), node);
    changed.put(path, node);
  }

  @Override
  public void remove(String path) {
    owners.change(find(path), null);
    changed.put(path, null);
  }

  @Override
  public int owned(int domain) {
    return tree.owned(domain) + owners.of(domain);
  }

  /** Whether all it touched is as it was. */
  boolean fits() {
    for (Map.Entry<String, Long> touch : touched.entrySet()) {
      Node node = tree.find(touch.getKey());
      if (touch.getValue() != (node == null ? ABSENT : node.generation())) {
        return false;
      }
    }
    return true;
  }

  /** Does it. */
  void apply() {
    changed.forEach((path, node) -> {
      if (node != null) {
        tree.put(path, node);
      } else if (tree.find(path) != null) {
        tree.remove(path);
      }
    });
  }

  List<Change> changes() {
    return changes;
  }

  Map<String, Long> touched() {
    return touched;
  }

  Map<String, Node> changed() {
    return changed;
  }

  void restoreChange(String path, Node node) {
    owners.change(changed.containsKey(path) ? changed.get(path) : tree.find(path), node);
    changed.put(path, node);
  }
}
