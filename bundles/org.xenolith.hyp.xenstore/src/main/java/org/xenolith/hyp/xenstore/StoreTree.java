// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes by their absolute paths. The two special names stand beside the root and only have permissions. */
final class StoreTree implements NodeView {
  static final String INTRODUCED = "@introduceDomain";
  static final String RELEASED = "@releaseDomain";

  /** In no order: paths share long beginnings, so that a sorted map would compare those again and again. */
  private final Map<String, Node> nodes = new HashMap<>();
  private OwnerCount owners = new OwnerCount();
  private final Ear ear;
  private long generation;

  /** Hears of nodes that have another value or other permissions, came or went; not of what is made anew from a record. */
  @FunctionalInterface
  interface Ear {
    void changed(String path, boolean removed);
  }

  StoreTree() {
    this((path, removed) -> {});
  }

  StoreTree(Ear ear) {
    this.ear = ear;
    List<Permission> closed = List.of(new Permission(0, 'n'));
    for (String path : List.of("/", "/tool", "/tool/xenstored", INTRODUCED, RELEASED)) {
      put(path, new Node(new byte[0], closed, List.of(), 0));
    }
    put("/", find("/").withChild("tool"));
    put("/tool", find("/tool").withChild("xenstored"));
  }

  @Override
  public Node find(String path) {
    return nodes.get(path);
  }

  @Override
  public void put(String path, Node node) {
    Node changed = node.withGeneration(++generation);
    Node before = nodes.put(path, changed);
    owners.change(before, changed);
    // A node whose children alone are others keeps what it has.
    if (before == null || before.value() != changed.value() || before.permissions() != changed.permissions()) {
      ear.changed(path, false);
    }
  }

  @Override
  public void remove(String path) {
    owners.change(nodes.remove(path), null);
    ear.changed(path, true);
  }

  @Override
  public int owned(int domain) {
    return owners.of(domain);
  }

  /** A node for people, as {@code Store.shown} has it. */
  String shown(String path) {
    Node node = find(path);
    return node == null ? "" : "\"%s\" %s".formatted(new String(node.value(), StandardCharsets.ISO_8859_1), node.permissions().stream().map(
        Permission::text).collect(Collectors.joining(" ")));
  }

  /** A domain is gone: nobody who gets its number inherits what it could reach. */
  void forget(int domain) {
    List<String> paths = new ArrayList<>();
    nodes.forEach((path, node) -> {
      if (Permission.named(node.permissions(), domain)) {
        paths.add(path);
      }
    });
    // Generations don't depend on the order in a hash map.
    Collections.sort(paths);
    for (String path : paths) {
      Node node = find(path);
      put(path, node.withPermissions(Permission.without(node.permissions(), domain)));
    }
  }

  /** All nodes by their paths, in the order of those. */
  SortedMap<String, Node> nodes() {
    return new TreeMap<>(nodes);
  }

  long generation() {
    return generation;
  }

  void restore(Map<String, Node> saved, long savedGeneration) {
    nodes.clear();
    nodes.putAll(saved);
    owners = new OwnerCount();
    nodes.values().forEach(node -> owners.change(null, node));
    generation = savedGeneration;
  }
}
