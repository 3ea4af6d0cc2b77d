// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.BitSet;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/** The code of one physical page: where that of an instruction begins, if a block begins there. */
final class TranslatedPage {
  /** Instructions of a page. */
  static final int WORDS = 1024;
  /** Bytes of {@link #table}. */
  static final int TABLE = WORDS * Integer.BYTES;

  final Ram ram;
  /** Of the page in its chunk. */
  final int offset;
  /** Where blocks begin in the code; 0 where none does. */
  final int[] entry = new int[WORDS];
  /** Address of the same for code; where no block begins, of what leaves. */
  final long table;
  private final BitSet translated = new BitSet(WORDS);
  private boolean live = true;

  TranslatedPage(Ram ram, int offset, long table, int miss) {
    this.ram = ram;
    this.offset = offset;
    this.table = table;
    for (int i = 0; i < WORDS; i++) {
      HostMemory.write32(null, table + 4L * i, miss);
    }
  }

  int word(int index) {
    return (int) ram.read(offset + 4 * index, 4);
  }

  /** A block begins at an instruction. */
  void begins(int index, int place) {
    entry[index] = place;
    HostMemory.write32(null, table + 4L * index, place);
  }

  /** Instructions have code. */
  void translated(int first, int end) {
    translated.set(first, end);
  }

  /** Whether one of the words has code. */
  boolean holds(int first, int last) {
    int next = translated.nextSetBit(first);
    return next >= 0 && next <= last;
  }

  boolean live() {
    return live;
  }

  void drop() {
    live = false;
  }
}
