package org.xenolith.profile;

import java.util.Map;
import java.util.TreeMap;

/** Stacks that begin alike, together: a node is a frame, below it those that it called. */
final class StackTree<F extends Comparable<F>> {
  /** Nodes of a tree. A guest that has ever new stacks mustn't use up the host's memory. */
  static final int MOST = 400_000;

  final Node<F> root = new Node<>();
  private int size;
  private long cut;

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

  /** The node of a frame below another one; the other one itself if the tree is full. */
  Node<F> below(Node<F> node, F frame) {
    Node<F> call = node.calls.get(frame);
    if (call == null) {
      if (size >= MOST) {
        cut++;
        return node;
      }
      size++;
      call = new Node<>();
      node.calls.put(frame, call);
    }
    return call;
  }

  /** Frames that were left out because the tree was full. */
  long cut() {
    return cut;
  }
}
