// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.Map;
import java.util.TreeMap;

/** Stacks that begin alike, together: a node is a frame, below it those that it called. */
final class StackTree<F extends Comparable<F>> {
  final Node<F> root = new Node<>();
  private final Room room;

  /** Room for the nodes of trees: a guest that has ever new stacks mustn't use up the host's memory. */
  static final class Room {
    private int left;
    private long refused;

    /** @param nodes of all trees that share it */
    Room(int nodes) {
      left = nodes;
    }

    /** Whether one more node may be made. */
    private boolean take() {
      if (left == 0) {
        refused++;
        return false;
      }
      left--;
      return true;
    }

    /** Frames that were left out because it was used up. */
    long refused() {
      return refused;
    }
  }

  /** @param room for its nodes */
  StackTree(Room room) {
    this.room = room;
  }

  /** A frame with those that it called. */
  static final class Node<F extends Comparable<F>> {
    /** Of stacks that end here. */
    final Weight self = new Weight();
    final Map<F, Node<F>> calls = new TreeMap<>();

    /** Of stacks that end here or below. */
    Weight total() {
      Weight sum = new Weight();
      sum.add(self);
      calls.values().forEach(call -> sum.add(call.total()));
      return sum;
    }

  }

  /** The node of a frame below another one; the other one itself if there is no more room. */
  Node<F> below(Node<F> node, F frame) {
    Node<F> call = node.calls.get(frame);
    if (call == null) {
      if (!room.take()) {
        return node;
      }
      call = new Node<>();
      node.calls.put(frame, call);
    }
    return call;
  }
}
