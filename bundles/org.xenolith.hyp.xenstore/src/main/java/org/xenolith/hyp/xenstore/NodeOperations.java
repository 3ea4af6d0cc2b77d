// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What can be done with nodes, on behalf of a connection and as its permissions and quotas allow. */
final class NodeOperations {
  private final NodeView view;
  private final Connection who;
  private final StoreQuota quota;
  private final List<Change> changes;

  /** @param changes gets what watches have to be told */
  NodeOperations(NodeView view, Connection who, StoreQuota quota, List<Change> changes) {
    this.view = view;
    this.who = who;
    this.quota = quota;
    this.changes = changes;
  }

  /** The node, if it is there and the connection may do that with it. */
  Node find(String path, int access) {
    Node node = view.find(path);
    if (node == null) {
      throw new StoreFault(who.may(ancestor(path).permissions(), access) ? StoreError.ENOENT : StoreError.EACCES);
    }
    if (!who.may(node.permissions(), access)) {
      throw new StoreFault(StoreError.EACCES);
    }
    return node;
  }

  void write(String path, byte[] value) {
    if (!who.privileged() && value.length > quota.limit(StoreQuota.NODE_SIZE)) {
      throw new StoreFault(StoreError.ENOSPC);
    }
    Node node = view.find(path);
    if (node == null) {
      create(path, value);
    } else if (who.may(node.permissions(), Permission.WRITE)) {
      view.put(path, node.withValue(value));
    } else {
      throw new StoreFault(StoreError.EACCES);
    }
    changed(path, false);
  }

  /** Creates a node with no value unless it is there. */
  void makeDirectory(String path) {
    if (view.find(path) == null) {
      create(path, new byte[0]);
      changed(path, false);
    } else {
      find(path, Permission.WRITE);
    }
  }

  /** Removes a node and all below it; one that isn't there is removed already if its parent is there. */
  void remove(String path) {
    if (path.equals("/")) {
      throw new StoreFault(StoreError.EINVAL);
    }
    String parent = StorePath.parent(path);
    if (view.find(path) == null && view.find(parent) != null && who.may(ancestor(path).permissions(), Permission.WRITE)) {
      return;
    }
    find(path, Permission.WRITE);
    List<String> all = new ArrayList<>();
    Deque<String> rest = new ArrayDeque<>(List.of(path));
    while (!rest.isEmpty()) {
      String next = rest.pop();
      Node node = view.find(next);
      // In a transaction that will conflict, a child may be gone already.
      if (node != null) {
        all.add(next);
        node.children().forEach(child -> rest.push(StorePath.child(next, child)));
      }
    }
    boolean first = changes.isEmpty();
    for (String each : all) {
      changed(each, !each.equals(path), first);
    }
    all.forEach(view::remove);
    Node above = view.find(parent);
    if (above != null) {
      view.put(parent, above.withoutChild(StorePath.name(path)));
    }
  }

  /** Gives a node other permissions: a right of its owner, who can't give it away. */
  void permit(String path, List<Permission> permissions) {
    Node node = find(path, Permission.WRITE);
    if (!who.owns(node)) {
      throw new StoreFault(StoreError.EACCES);
    }
    if (!who.privileged()) {
      if (permissions.size() > quota.limit(StoreQuota.PERMISSIONS)) {
        throw new StoreFault(StoreError.ENOSPC);
      }
      if (permissions.getFirst().domain() != node.owner()) {
        throw new StoreFault(StoreError.EPERM);
      }
    }
    view.put(path, node.withPermissions(List.copyOf(permissions)));
    changed(path, false);
  }

  private void create(String path, byte[] value) {
    Deque<String> missing = new ArrayDeque<>();
    String at = path;
    while (view.find(at) == null) {
      missing.push(at);
      at = StorePath.parent(at);
    }
    Node parent = view.find(at);
    if (!who.may(parent.permissions(), Permission.WRITE)) {
      throw new StoreFault(StoreError.EACCES);
    }
    if (!who.privileged() && view.owned(who.domain()) + missing.size() > quota.limit(StoreQuota.NODES)) {
      throw new StoreFault(StoreError.ENOSPC);
    }
    for (String next : missing) {
      view.put(at, parent.withChild(StorePath.name(next)));
      List<Permission> inherited = who.privileged() ? parent.permissions()
          : Permission.ownedBy(parent.permissions(), who.domain());
      view.put(next, new Node(next.equals(path) ? value : new byte[0], inherited, List.of(), 0));
      parent = view.find(next);
      at = next;
    }
  }

  private Node ancestor(String path) {
    String at = StorePath.parent(path);
    while (view.find(at) == null) {
      at = StorePath.parent(at);
    }
    return view.find(at);
  }

  private void changed(String path, boolean exact) {
    changed(path, exact, false);
  }

  /** @param first it isn't among the changes yet */
  private void changed(String path, boolean exact, boolean first) {
    Node node = view.find(path);
    Node parent = view.find(StorePath.parent(path));
    if (!first) {
      // Once is enough, and a transaction may write without end.
      changes.removeIf(change -> change.exact() == exact && change.path().equals(path));
    }
    changes.add(new Change(path, exact, node.permissions(), (parent == null ? node : parent).permissions()));
  }
}
