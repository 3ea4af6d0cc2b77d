// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.BitSet;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/** The code of one physical page of 64-bit instructions: where that of an instruction begins, if a block begins there, and which bytes there is code for. */
final class X64NativePage {
  /** Bytes of a page. */
  static final int BYTES = 4096;
  /** Bytes of {@link #table}. */
  static final int TABLE = BYTES * Integer.BYTES;

  final Ram ram;
  /** Of the page in its chunk. */
  final int offset;
  /** Address of where blocks begin in the code, by their offset in the page; where none does, of what leaves. */
  final long table;
  private final int miss;
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
    int place = (int) HostMemory.read32(null, table + 4L * at);
    return place == miss ? 0 : place;
  }

  /** A block begins at an instruction. */
  void begins(int at, int place) {
    HostMemory.write32(null, table + 4L * at, place);
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
