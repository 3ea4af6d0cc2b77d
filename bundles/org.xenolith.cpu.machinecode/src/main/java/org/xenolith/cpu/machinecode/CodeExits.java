// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.Arrays;
import org.xenolith.cpu.graph.Node;

/** What the ways out of code are for, by the number that they come with. */
final class CodeExits {
  /** The branch to {@link #index} has no code yet; the jump at {@link #place} is to lead there. */
  static final byte CHAIN = 0;
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

  private static final int FIRST = 1 << 12;

  byte[] kind = new byte[FIRST];
  TranslatedPage[] page = new TranslatedPage[FIRST];
  int[] index = new int[FIRST];
  /** Instructions that were counted and aren't done, with that at {@link #index}. */
  int[] rest = new int[FIRST];
  int[] place = new int[FIRST];
  /** Of {@link #SYSTEM} the instruction; of {@link #ACCESS}: bytes, and above them {@link #STORE} and {@link #USER}. */
  int[] access = new int[FIRST];
  static final int STORE = 1 << 8;
  static final int USER = 1 << 9;
  /** Bytes of an element, as a power of two, above this bit. */
  static final int ELEMENT = 12;
  /** Of what the interpreter executes, once it has. */
  Node[] node = new Node[FIRST];
  private int count;

  int add(byte newKind, TranslatedPage of, int at) {
    if (count == kind.length) {
      int more = 2 * count;
      kind = Arrays.copyOf(kind, more);
      page = Arrays.copyOf(page, more);
      index = Arrays.copyOf(index, more);
      rest = Arrays.copyOf(rest, more);
      place = Arrays.copyOf(place, more);
      access = Arrays.copyOf(access, more);
      node = Arrays.copyOf(node, more);
    }
    kind[count] = newKind;
    page[count] = of;
    index[count] = at;
    rest[count] = 0;
    node[count] = null;
    return count++;
  }

  int count() {
    return count;
  }

  /** Those from a number on are none any more. */
  void clear(int from) {
    Arrays.fill(page, from, count, null);
    Arrays.fill(node, from, count, null);
    count = from;
  }
}
