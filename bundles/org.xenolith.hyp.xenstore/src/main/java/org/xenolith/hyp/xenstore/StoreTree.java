package org.xenolith.hyp.xenstore;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The nodes by their absolute paths. The two special names stand beside the root and only have permissions. */
final class StoreTree implements NodeView {
  static final String INTRODUCED = "@introduceDomain";
  static final String RELEASED = "@releaseDomain";

  private final TreeMap<String, Node> nodes = new TreeMap<>();
  private OwnerCount owners = new OwnerCount();
  private long generation;

  StoreTree() {
    List<Permission> closed = List.of(new Permission(0, 'n'));
    for (String path : List.of("/", "/tool", "/tool/xenstored", INTRODUCED, RELEASED)) {
      put(path, new Node(new byte[0], closed, List.of(), 0));
    }
    put("/", find("/").withChild("tool"));
    put("/tool", find("/tool").withChild("xenstored"));
  }

  @Override public Node find(String path) {
    return nodes.get(path);
  }

  @Override public void put(String path, Node node) {
    Node changed = node.withGeneration(++generation);
    owners.change(nodes.put(path, changed), changed);
  }

  @Override public void remove(String path) {
    owners.change(nodes.remove(path), null);
  }

  @Override public int owned(int domain) {
    return owners.of(domain);
  }

  /** A domain is gone: nobody who gets its number inherits what it could reach. */
  void forget(int domain) {
    for (Map.Entry<String, Node> entry : nodes.entrySet()) {
      Node node = entry.getValue();
      if (node.permissions().stream().anyMatch(p -> p.domain() == domain)) {
        Node changed = node.withPermissions(Permission.without(node.permissions(), domain)).withGeneration(++generation);
        owners.change(node, changed);
        entry.setValue(changed);
      }
    }
  }

  Map<String, Node> nodes() {
    return nodes;
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
