// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.isa.X64Mode;

/** The decoded instructions of one physical page, as one mode reads them. */
public final class X64CodePage {
  /** By offset; null where no instruction that was executed begins. */
  final X64Node[] nodes = new X64Node[4096];
  final Ram ram;
  /** Offset of the page in the chunk. */
  final int offset;
  /** How it is read. */
  final X64Mode mode;
  /** Whether ES, CS, SS and DS are flat. */
  final boolean flat;
  /** Whether memory still holds what was decoded. */
  boolean live = true;
  /** The same page as another mode reads it, or null. */
  X64CodePage other;
  /** Instructions in {@link #nodes}. */
  int decoded;

  X64CodePage(Ram ram, int offset, X64Mode mode, boolean flat) {
    this.ram = ram;
    this.offset = offset;
    this.mode = mode;
    this.flat = flat;
  }

  /** Whether something decoded has one of the bytes from {@code first} to {@code last}. */
  boolean covers(int first, int last) {
    for (int at = Math.max(0, first - 14); at <= last; at++) {
      if (nodes[at] != null && nodes[at].end > first) {
        return true;
      }
    }
    return false;
  }
}
