// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/**
 * The code of one physical page of 64-bit instructions: where that of an instruction begins, if a block begins there, and which bytes there is code for. Places of blocks are multiples of
 * four. The table has a word for each four bytes of the page: a place, with the instruction's offset in its two lowest bits; a second block in the same four bytes is known to Java only.
 */
final class X64NativePage {
  /** Bytes of a page. */
  static final int BYTES = 4096;
  /** Bytes of {@link #table}. */
  static final int TABLE = BYTES;

  private static final int LOW = 3;

  final Ram ram;
  /** Of the page in its chunk. */
  final int offset;
  /** Its address; where no block begins it has the place of what leaves. */
  final long table;
  private final int miss;
  /** Places of blocks whose word in the table is another one's; null if there are none. */
  private Map<Integer, Integer> others;
  private final BitSet translated = new BitSet(BYTES);
  private boolean live = true;

  /** @param table of which each word is {@code miss} */
  X64NativePage(Ram ram, int offset, long table, int miss) {
    this.ram = ram;
    this.offset = offset;
    this.table = table;
    this.miss = miss;
  }

  /** Where the block of an instruction begins in the code; 0 if none does. */
  int entry(int at) {
    int word = (int) HostMemory.read32(null, table + (at & -4));
    int place = word ^ at & LOW;
    if ((place & LOW) == 0 && place != miss) {
      return place;
    }
    return others == null ? 0 : others.getOrDefault(at, 0);
  }

  /** A block begins at an instruction. */
  void begins(int at, int place) {
    long word = table + (at & -4);
    if (HostMemory.read32(null, word) == miss) {
      HostMemory.write32(null, word, place | at & LOW);
    } else {
      if (others == null) {
        others = new HashMap<>();
      }
      others.put(at, place);
    }
  }

  /** Bytes have code. */
  void translated(int first, int end) {
    translated.set(first, Math.min(end, BYTES));
  }

  /** Whether one of the bytes has code. */
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
