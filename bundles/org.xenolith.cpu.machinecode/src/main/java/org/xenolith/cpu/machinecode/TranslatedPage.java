// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.BitSet;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/** The code of one physical page: where that of an instruction begins, if a block begins there, and what the instructions were. */
final class TranslatedPage {
  /** Instructions of a page. */
  static final int WORDS = 1024;
  /** Bytes of {@link #table}. */
  static final int TABLE = WORDS * Integer.BYTES;
  /** Of a page without code. */
  static final int NONE = -1;

  final Ram ram;
  /** Of the page in its chunk. */
  final int offset;
  /** Address of where blocks begin in the code; where none does, of what leaves. */
  final long table;
  /** Its number in {@link CodeExits}. */
  int number = NONE;
  private final int miss;
  private final BitSet translated = new BitSet(WORDS);
  /** What was translated. */
  private final int[] words = new int[WORDS];
  private boolean live = true;
  private boolean whole = true;

  TranslatedPage(Ram ram, int offset, long table, int miss) {
    this.ram = ram;
    this.offset = offset;
    this.table = table;
    this.miss = miss;
    for (int i = 0; i < WORDS; i++) {
      HostMemory.write32(null, table + 4L * i, miss);
    }
  }

  int word(int index) {
    return (int) ram.read(offset + 4 * index, 4);
  }

  /** Where the block of an instruction begins in the code; 0 if none does. */
  int entry(int index) {
    int place = (int) HostMemory.read32(null, table + 4L * index);
    return place == miss ? 0 : place;
  }

  /** A block begins at an instruction. */
  void begins(int index, int place) {
    HostMemory.write32(null, table + 4L * index, place);
  }

  /** Instructions have code. */
  void translated(int first, int end) {
    translated.set(first, end);
    for (int i = first; i < end; i++) {
      words[i] = word(i);
    }
  }

  /** Instructions have code, as bits, from elsewhere. */
  void translated(BitSet bits) {
    translated.or(bits);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      words[i] = word(i);
    }
  }

  /** Instructions that have code, as bits. */
  BitSet translated() {
    return translated;
  }

  /** An instruction as it was translated. */
  int asTranslated(int index) {
    return words[index];
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

  /** Whether {@link #table} is this page's, also when it isn't live any more. */
  boolean whole() {
    return whole;
  }

  /** The table is somebody else's from now on. */
  void discard() {
    whole = false;
  }
}
