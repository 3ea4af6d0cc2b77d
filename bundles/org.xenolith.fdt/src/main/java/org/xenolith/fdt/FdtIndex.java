// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Paths, parents and phandles of all nodes of one tree. Immutable. */
public final class FdtIndex {
  private final Map<String, FdtNode> byPath = new LinkedHashMap<>();
  private final Map<FdtNode, FdtNode> parents = new IdentityHashMap<>();
  private final Map<FdtNode, String> paths = new IdentityHashMap<>();
  private final Map<Integer, FdtNode> byPhandle = new HashMap<>();
  private final List<String> clashes = new ArrayList<>();

  FdtIndex(FdtNode root) {
    add("", null, root);
  }

  private void add(String parentPath, FdtNode parent, FdtNode node) {
    String path = parent == null ? "/" : parentPath + "/" + node.name();
    byPath.put(path, node);
    paths.put(node, path);
    if (parent != null) {
      parents.put(node, parent);
    }
    phandleOf(node).ifPresent(phandle -> {
      FdtNode first = byPhandle.putIfAbsent(phandle, node);
      if (first != null) {
        clashes.add(path + " and " + paths.get(first) + " both have the phandle 0x"
            + Integer.toHexString(phandle));
      }
    });
    for (FdtNode child : node.children()) {
      add(parent == null ? "" : path, node, child);
    }
  }

  /** The node's phandle, from {@code phandle} or the older {@code linux,phandle}; none if there is no valid one. */
  public static Optional<Integer> phandleOf(FdtNode node) {
    return node.property("phandle").or(() -> node.property("linux,phandle"))
        .filter(p -> p.length() == 4 && p.cell(0) != 0 && p.cell(0) != -1).map(p -> p.cell(0));
  }

  /** All nodes by their full paths, the root as {@code /}, in the order of the blob. */
  public Map<String, FdtNode> byPath() {
    return Collections.unmodifiableMap(byPath);
  }

  /** The node of a full path. */
  public Optional<FdtNode> node(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** The node with that phandle; the first one if several claim it. */
  public Optional<FdtNode> byPhandle(int phandle) {
    return Optional.ofNullable(byPhandle.get(phandle));
  }

  /** Full path of a node of this tree (this very object, not an equal one). */
  public String pathOf(FdtNode node) {
    String path = paths.get(node);
    if (path == null) {
      throw new FdtException("node '" + node.name() + "' isn't part of this tree", "look it up in this tree");
    }
    return path;
  }

  /** The parent of a node of this tree; none for the root. */
  public Optional<FdtNode> parentOf(FdtNode node) {
    return Optional.ofNullable(parents.get(node));
  }

  /** Phandles that more than one node claims, one sentence each; empty in a sound tree. */
  public List<String> clashes() {
    return List.copyOf(clashes);
  }
}
