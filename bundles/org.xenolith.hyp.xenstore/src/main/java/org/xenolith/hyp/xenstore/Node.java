// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayList;
import java.util.List;

/**
 * A node as it is at one time; a change makes a new one.
 *
 * @param value not changed by anyone
 * @param permissions at least one, the owner's
 * @param children names in the order of creation
 * @param generation grows with each change of any node; two transactions that saw the same one saw the same node
 */
record Node(byte[] value, List<Permission> permissions, List<String> children, long generation) {
  int owner() {
    return permissions.getFirst().domain();
  }

  Node withValue(byte[] other) {
    return new Node(other, permissions, children, generation);
  }

  Node withPermissions(List<Permission> other) {
    return new Node(value, other, children, generation);
  }

  Node withGeneration(long other) {
    return new Node(value, permissions, children, other);
  }

  Node withChild(String name) {
    List<String> more = new ArrayList<>(children);
    more.add(name);
    return new Node(value, permissions, List.copyOf(more), generation);
  }

  Node withoutChild(String name) {
    List<String> fewer = new ArrayList<>(children);
    fewer.remove(name);
    return new Node(value, permissions, List.copyOf(fewer), generation);
  }
}
