// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Arrays;
import org.xenolith.a64.graph.Node;
import org.xenolith.hostcode.kit.pages.ExitTable;

/**
 * What the ways out of A64's code are for. What else is known of one is, of {@link #SYSTEM}, {@link #COUNTER}, {@link #CONTEXT} and {@link #TRANSFER}, the instruction; of
 * {@link #ACCESS}: bytes, and above them {@link #STORE}, {@link #USER}, an element's size, and the bytes of code from {@link #place} to what is behind the instruction.
 */
final class CodeExits extends ExitTable {
  /** An access has no tag; it is done again from {@link #place} on, or by the interpreter. */
  static final byte ACCESS = 1;
  /** The block at {@link #index} has more instructions than are left; {@link #rest} were counted. */
  static final byte BUDGET = 2;
  /** The interpreter is to execute the instruction. */
  static final byte INTERPRET = 3;
  /** A branch left the page, and its target isn't known. */
  static final byte LOOKUP = 4;
  /** The next page is reached straight on, and isn't known. */
  static final byte NEXT = 5;

  /** Code has no vector registers yet, or instructions on them trap; it goes on at {@link #place}. */
  static final byte VECTORS = 6;

  /** The CPU reads a system register or maintains a cache, as the word in {@link #access} says; code goes on at {@link #place}. */
  static final byte SYSTEM = 7;

  /** The same where the host's arithmetic isn't known to be what FPCR asks for. */
  static final byte NUMBERS = 8;

  /** The CPU writes a register that translation depends on, as the word in {@link #access} says. */
  static final byte CONTEXT = 9;

  /** The CPU takes the exception of a call of the system, calls firmware, or returns from an exception, as the word in {@link #access} says. */
  static final byte TRANSFER = 10;

  /** The CPU reads a counter that code can't read yet; otherwise as {@link #SYSTEM}. */
  static final byte COUNTER = 11;

  /** Many rounds of the {@link CopyLoop} in {@link #access}, which begins at {@link #index}, are to come; code goes on at {@link #place}. */
  static final byte COPY = 12;

  /** Ways out of a row of nodes, as a power of two. */
  private static final int ROW = 10;
  /** Bytes of an access. */
  static final int BYTES = 0xFF;
  static final int STORE = 1 << 8;
  static final int USER = 1 << 9;
  /** Bytes of an element, as a power of two, above this bit. */
  static final int ELEMENT = 12;
  /** All that it may be. */
  static final int ELEMENT_MASK = 7;
  /** The bytes of an access's code, above this bit. */
  static final int LENGTH = 16;

  /** Nodes of the interpreter by their way out, in rows; null where a row has none. */
  private Node[][] nodes = new Node[4][];

  /** Of what the interpreter executes, once it has; null before that. */
  Node node(int exit) {
    int row = exit >>> ROW;
    return row < nodes.length && nodes[row] != null ? nodes[row][exit & (1 << ROW) - 1] : null;
  }

  void node(int exit, Node node) {
    int row = exit >>> ROW;
    if (row >= nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * row);
    }
    if (nodes[row] == null) {
      nodes[row] = new Node[1 << ROW];
    }
    nodes[row][exit & (1 << ROW) - 1] = node;
  }

  @Override
  protected void cleared(int from, int to) {
    for (int i = from; i < to; i++) {
      if (node(i) != null) {
        node(i, null);
      }
    }
  }
}
