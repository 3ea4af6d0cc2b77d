// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

/** The nodes as a request sees them: the tree itself, or a transaction over it. */
interface NodeView {
  /** The node of an absolute path, or null. */
  Node find(String path);

  void put(String path, Node node);

  void remove(String path);

  /** How many nodes the domain owns. */
  int owned(int domain);
}
