// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import org.xenolith.regs.RegisterFile;

/** A ring of 16-byte entries in memory, with where it is and how far both sides are in registers (48882, 2.4 and 2.5). */
final class AmdViRing {
  /** Bits of a head or tail. */
  static final long POINTER = 0x7_FFF0;
  /** Bytes of an entry. */
  static final int ENTRY = 16;
  private static final long BASE = 0x000F_FFFF_FFFF_F000L;
  private static final int LENGTH = 56;
  private static final int SHORTEST = 8;

  private final RegisterFile<AmdViRegister> registers;
  private final AmdViRegister base;
  private final AmdViRegister head;
  private final AmdViRegister tail;

  AmdViRing(RegisterFile<AmdViRegister> registers, AmdViRegister base, AmdViRegister head, AmdViRegister tail) {
    this.registers = registers;
    this.base = base;
    this.head = head;
    this.tail = tail;
  }

  /** Lengths below 8 are reserved, and taken for it. */
  private long mask() {
    return ((long) ENTRY << Math.max(SHORTEST, registers.get(base) >>> LENGTH & 0xF)) - 1;
  }

  boolean empty() {
    return ((registers.get(head) ^ registers.get(tail)) & mask()) == 0;
  }

  boolean full() {
    return ((registers.get(tail) + ENTRY ^ registers.get(head)) & mask()) == 0;
  }

  /** Address of the oldest entry. */
  long oldest() {
    return (registers.get(base) & BASE) + (registers.get(head) & mask());
  }

  /** Address of the entry behind the newest. */
  long free() {
    return (registers.get(base) & BASE) + (registers.get(tail) & mask());
  }

  void consumed() {
    registers.set(head, registers.get(head) + ENTRY & mask());
  }

  void produced() {
    registers.set(tail, registers.get(tail) + ENTRY & mask());
  }

  /** The base was written: both sides begin anew. */
  void restart() {
    registers.set(head, 0);
    registers.set(tail, 0);
  }
}
