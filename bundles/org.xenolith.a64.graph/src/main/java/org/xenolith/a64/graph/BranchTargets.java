// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** Puts nodes of its own where branches lead to: to count, or to execute more than one instruction at once. */
public interface BranchTargets {
  /**
   * A node becomes the target of a branch, or the one that a call returns to. Asked again for each branch.
   *
   * @param target what is there now
   * @return what is to be there: {@code target}, or a node with the same {@code off} whose {@code plain()} is the target's
   */
  Node target(CodePage page, Node target);

  /** No page is decoded any more: what is kept for their nodes beside them is void. */
  default void dropped() {}
}
