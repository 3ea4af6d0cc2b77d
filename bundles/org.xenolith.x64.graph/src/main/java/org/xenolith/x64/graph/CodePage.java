// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.isa.DecodeMode;

/** The decoded instructions of one physical page, as one mode reads them. */
public final class CodePage {
  /** By offset; null where no instruction that was executed begins. */
  final Node[] nodes = new Node[4096];
  final Ram ram;
  /** Offset of the page in the chunk. */
  final int offset;
  /** How it is read. */
  final DecodeMode mode;
  /** Whether ES, CS, SS and DS are flat. */
  final boolean flat;
  /** Whether memory still holds what was decoded. */
  boolean live = true;
  /** The same page as another mode reads it, or null. */
  CodePage other;
  /** Instructions in {@link #nodes}. */
  int decoded;

  CodePage(Ram ram, int offset, DecodeMode mode, boolean flat) {
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
