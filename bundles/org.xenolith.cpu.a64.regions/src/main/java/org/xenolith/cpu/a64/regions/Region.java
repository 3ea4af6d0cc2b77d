// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.CodePage;

/** A way into translated code, with what must hold there. */
final class Region {
  /** No address where an instruction may be: a branch there never gets as far as to a region. */
  static final long NOWHERE = 1;

  final RegionCode code;
  final int entry;
  final CodePage page;
  final EntryNode node;
  /** The address where it was last branched to; {@link #NOWHERE} once memory doesn't hold it any more. The CPU's thread only. */
  long va = NOWHERE;
  private final int need;
  private final boolean vector;

  /**
   * @param code   the code
   * @param entry  number of the way in
   * @param node   where it is entered
   * @param need   instructions of the longest way to a check
   * @param vector whether the code uses FP or SIMD, which must not trap
   */
  Region(RegionCode code, int entry, EntryNode node, int need, boolean vector) {
    this.code = code;
    this.entry = entry;
    this.node = node;
    this.need = need;
    this.vector = vector;
    page = node.page();
  }

  /** Whether the CPU may execute it now. */
  boolean enterable(Cpu c) {
    return c.left >= need && !(vector && c.fpTrapped);
  }
}
