// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;

/**
 * NZCV in code. After each instruction that sets them they are in memory, and in the host's flags until something changes those: sign, zero and
 * overflow as they are, and the carry inverted, as a subtraction of the host leaves it.
 */
final class FlagCode {
  /** The host's conditions by A64's, as far as those are conditions. */
  private static final int[] CONDITIONS = {X64.E, X64.NE, X64.AE, X64.B, X64.S, X64.NS, X64.O, X64.NO, X64.A, X64.BE, X64.GE, X64.L, X64.G,
      X64.LE};
  /** AH and AL. */
  private static final int SIGN = 0x8000;
  private static final int ZERO = 0x4000;
  private static final int NO_CARRY = 0x0100;
  private static final int OVERFLOW = 1;

  /** The bits that conditions of one flag look at, in AH or AL: EQ, NE, CS, CC, MI, PL, VS, VC. */
  private static final int[] BITS = {ZERO >> 8, ZERO >> 8, NO_CARRY >> 8, NO_CARRY >> 8, SIGN >> 8, SIGN >> 8, OVERFLOW, OVERFLOW};
  /** From this condition on the bit is in AL. */
  private static final int OVERFLOWS = 6;

  private final X64 code;
  /** Whether the host's flags are the guest's before the instruction that is translated. */
  private boolean live;
  /** The same behind it. */
  private boolean stays;

  FlagCode(X64 code) {
    this.code = code;
  }

  /** An instruction is translated next. */
  void next() {
    live = stays;
    stays = false;
  }

  /** Code begins that is reached from elsewhere. */
  void begin() {
    stays = false;
    live = false;
  }

  /** The instruction doesn't change the host's flags. */
  void keep() {
    stays = live;
  }

  /** The host's flags are something else. */
  void lose() {
    live = false;
  }

  /** Whether a condition can be other than true. */
  static boolean conditional(int condition) {
    return condition < CONDITIONS.length;
  }

  /** Has the host's flags say whether a condition holds, at the cost of RAX. Returns the host's condition. */
  int condition(int condition) {
    if (!live && condition < BITS.length) {
      // One flag is looked at where it is.
      code.testMemory(X64.RBP, StateLayout.FLAGS + (condition < OVERFLOWS ? 1 : 0), BITS[condition]);
      boolean carry = condition >> 1 == 1;
      return (condition & 1) == 0 ^ carry ? X64.NE : X64.E;
    }
    restore();
    return CONDITIONS[condition];
  }

  void restore() {
    if (!live) {
      code.load(false, X64.RAX, X64.RBP, StateLayout.FLAGS);
      code.flagsFromAx();
    }
    live = true;
  }

  /** The host's flags are those of an addition. Takes RAX. */
  void added() {
    code.complementCarry();
    save();
  }

  /** The host's flags are those of a subtraction. */
  void subtracted() {
    save();
  }

  /** The host's flags are those of a logical operation. */
  void combined() {
    code.setCarry();
    save();
  }

  private void save() {
    code.flagsIntoAx();
    saveAx();
  }

  /** AX has the flags; the host's are those. Above them is anything: 16 bits alone would be handed on to what loads them as late as by the cache. */
  void saveAx() {
    code.store(false, X64.RAX, X64.RBP, StateLayout.FLAGS);
    live = true;
    stays = true;
  }

  /** What AX is for flags in bits 31 to 28. */
  static int packed(int nzcv) {
    return (nzcv < 0 ? SIGN : 0) | (nzcv << 1 < 0 ? ZERO : 0) | (nzcv << 2 < 0 ? 0 : NO_CARRY) | (nzcv << 3 < 0 ? OVERFLOW : 0);
  }

  /** Flags in bits 31 to 28 of what AX was. */
  static int unpacked(long ax) {
    return ((ax & SIGN) != 0 ? 1 << 31 : 0) | ((ax & ZERO) != 0 ? 1 << 30 : 0) | ((ax & NO_CARRY) != 0 ? 0 : 1 << 29) | ((ax & OVERFLOW)
        != 0
            ? 1 << 28 : 0);
  }
}
