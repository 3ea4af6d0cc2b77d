// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

/** A way out of code: what for, and at which instruction. Its number is what code leaves with. */
final class X64WayOut {
  /** What code is left for. */
  enum Kind {
    /** The instruction at {@link #offset} has no code yet; the jump at {@link #place} is to lead there. */
    CHAIN,
    /** An access has no tag; it is done again from {@link #place} on, or by the interpreter. */
    ACCESS,
    /** The block at {@link #offset} has more instructions than are left. */
    BUDGET,
    /** The interpreter is to execute the instruction. */
    INTERPRET,
    /** A branch left the page, and its target isn't known. */
    LOOKUP,
    /** The next page is reached straight on, and nothing is left: it isn't looked up yet. */
    NEXT,
    /** Code has no XMM registers yet, or the host can't compute with them; it goes on at {@link #place}. */
    VECTORS
  }

  final Kind kind;
  /** The page that it leads from. */
  final X64NativePage page;
  /** Of the instruction in its page; 4096 and more for what comes behind the page. */
  final int offset;
  /** Where code goes on, or the jump is. */
  int place;
  /** Instructions that were counted and aren't done, with this one. */
  int rest;
  /** Of an access: its bytes. */
  int size;
  /** Of an access: whether it stores. */
  boolean stores;
  /** The same: whether it loads, too, and does so first. */
  boolean loads;
  /** Of {@link Kind#VECTORS}: whether the host is to compute with floating point. */
  boolean numbers;

  X64WayOut(Kind kind, X64NativePage page, int offset) {
    this.kind = kind;
    this.page = page;
    this.offset = offset;
  }
}
