// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.xenolith.fdt.FdtException;

/** What labels and paths lead to, and the phandles of nodes that are referred to. */
final class DtsReferences {
  private static final int FIRST = 1;

  private final DtsNode root;
  private final Map<String, DtsNode> labels = new HashMap<>();

  DtsReferences(DtsNode root) {
    this.root = root;
  }

  /** Whether another node has that label. */
  boolean taken(String label, DtsNode node) {
    DtsNode before = labels.get(label);
    return before != null && before != node && there(before);
  }

  void label(String label, DtsNode node) {
    labels.put(label, node);
  }

  /** The node that a label or a path, beginning with a slash, leads to, or null. */
  DtsNode find(String reference) {
    if (reference.startsWith("/")) {
      return root.at(reference);
    }
    DtsNode node = labels.get(reference);
    return node != null && there(node) ? node : kept(reference);
  }

  /** A label that a blob has kept ({@code dtc -@}). */
  private DtsNode kept(String name) {
    DtsNode symbols = root.child("__symbols__");
    DtsValue path = symbols == null ? null : symbols.properties.get(name);
    return path == null ? null : root.at(new String(path.bytes(this), StandardCharsets.ISO_8859_1).replace("\0", ""));
  }

  DtsNode node(String reference, String place) {
    DtsNode node = find(reference);
    if (node == null) {
      throw new FdtException(FdtException.NO_OFFSET, place + ": there is no node " + (reference.startsWith("/") ? reference
          : "with the label '" + reference + "'"), "correct the reference");
    }
    return node;
  }

  private boolean there(DtsNode node) {
    return node.parent == null ? node == root : node.parent.child(node.name) == node && there(node.parent);
  }

  /** Gives each node that is referred to and has none a phandle, the lowest that is free. */
  void number() {
    Set<DtsNode> wanted = new LinkedHashSet<>();
    collect(root, wanted);
    Set<Integer> used = new HashSet<>();
    used(root, used);
    int next = FIRST;
    for (DtsNode node : wanted) {
      if (!node.properties.containsKey("phandle")) {
        while (!used.add(next)) {
          next++;
        }
        DtsValue phandle = new DtsValue();
        phandle.addNumber(next, Integer.BYTES);
        node.properties.put("phandle", phandle);
      }
    }
  }

  private void collect(DtsNode node, Set<DtsNode> wanted) {
    node.properties.values().forEach(value -> value.phandles(this, wanted::add));
    node.children.values().forEach(child -> collect(child, wanted));
  }

  private void used(DtsNode node, Set<Integer> used) {
    DtsValue phandle = node.properties.get("phandle");
    if (phandle != null) {
      byte[] bytes = phandle.bytes(this);
      if (bytes.length == Integer.BYTES) {
        used.add(ByteBuffer.wrap(bytes).getInt());
      }
    }
    node.children.values().forEach(child -> used(child, used));
  }
}
