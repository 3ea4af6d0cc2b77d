// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.machine.kit.Ram;

/** The decoded instructions of one physical page. */
public final class CodePage {
  /** Instructions of a page. */
  public static final int WORDS = 1024;

  /** By word; null where nothing has been decoded. */
  public final Node[] nodes = new Node[WORDS];
  final Ram ram;
  /** Offset of the page in the chunk. */
  final int offset;
  /** Whether memory still holds what was decoded. */
  boolean live = true;
  /** Bytes that it has, about. */
  long held;

  CodePage(Ram ram, int offset) {
    this.ram = ram;
    this.offset = offset;
  }

  /** Whether memory still holds what was decoded. */
  public boolean live() {
    return live;
  }

  /** Whether somebody may want to be told of the instruction at {@code slot} before it is executed. */
  public boolean hasBreakpoint(int slot) {
    return ram.isBreakpoint(offset + slot * 4);
  }

  /** Whether that is so of one of its instructions. */
  public boolean hasBreakpoints() {
    return ram.hasBreakpoint(offset);
  }

  /** The instruction at {@code slot}, from 0 to 1023. */
  public int word(int slot) {
    return (int) ram.read(offset + slot * 4, 4);
  }
}
