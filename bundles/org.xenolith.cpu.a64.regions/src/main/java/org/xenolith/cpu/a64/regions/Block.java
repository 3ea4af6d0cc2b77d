// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

/** Instructions of one page that are executed one after the other, and what follows them. All places are word numbers. */
final class Block {
  /** What ends a block. */
  enum End {
    /** The next word follows, which begins another block or isn't part of the region. */
    FALL,
    /** A direct branch to {@link #target} is the last instruction. */
    ALWAYS,
    /** A conditional branch to {@link #target} is the last instruction; else the next word follows. */
    MAYBE,
    /** A branch to another page or to an address in a register is the last instruction. */
    JUMP,
    /** The word at {@link #end} must be interpreted. */
    INTERPRET
  }

  final int first;
  /** Behind the last instruction that belongs to it. */
  int end;
  End how;
  /** Where a direct branch leads to; -1 if that is another page. */
  int target;
  /** Blocks of the region that the jump at the end may lead to. */
  int[] others = {};
  /** What the flags are on entry, if all ways to it agree: see {@link Flags}. */
  int flags = Flags.UNKNOWN;

  Block(int first) {
    this.first = first;
  }

  int length() {
    return end - first;
  }
}
