// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;

/** An instruction that reaches into the next page, whatever page is mapped there when it is executed. */
final class SplitNode extends Node {
  private static final int PAGE = 4096;
  private static final int LONGEST = 15;

  private final DecodedPages pages;
  private final CodePage page;
  private final byte[] bytes = new byte[LONGEST];
  /** How many of them are the instruction's. */
  private int decoded;
  private Node inner;

  SplitNode(DecodedPages pages, CodePage page) {
    this.pages = pages;
    this.page = page;
  }

  @Override
  public Node exec(Core c, long[] r) {
    long second = c.wide(r[CpuState.PAGE] + PAGE);
    long frame = c.mmu.code(second).frame;
    Ram ram = c.env.bus().readable(frame);
    if (ram == null) {
      throw c.fault(ExceptionVector.UD);
    }
    int behind = (int) (frame - ram.base);
    if (inner == null || !same(ram, behind)) {
      int first = PAGE - off;
      page.ram.read(page.offset + off, bytes, 0, first);
      ram.read(behind, bytes, first, LONGEST - first);
      inner = pages.whole(page, bytes, off);
      decoded = inner.end - off;
    }
    Node next = inner.exec(c, r);
    // A string instruction that isn't done comes back to here.
    return next == inner ? this : next;
  }

  /** Whether what was decoded is still there. */
  private boolean same(Ram ram, int behind) {
    int first = PAGE - off;
    for (int i = 0; i < decoded; i++) {
      long found = i < first ? page.ram.read(page.offset + off + i, 1) : ram.read(behind + i - first, 1);
      if ((byte) found != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the instruction that was executed last is a branch. */
  boolean isBranch() {
    return inner != null && pages.isBranch(page, bytes, decoded);
  }

  @Override
  boolean repeats() {
    return inner != null && inner.repeats();
  }

  @Override
  public boolean usesStack() {
    return inner != null && inner.usesStack();
  }
}
