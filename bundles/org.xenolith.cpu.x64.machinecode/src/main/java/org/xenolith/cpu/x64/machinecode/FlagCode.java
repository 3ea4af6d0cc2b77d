// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.FlagBits;

/**
 * The guest's CF, PF, AF, ZF, SF and OF in code: in memory before each instruction that may leave, and where instructions just made them in the host's, too. What an
 * instruction leaves undefined is what the interpreter makes of it, whatever the host has; behind AND, OR, XOR and TEST that is the same ({@link HostLogic}). RAX is lost by all of this.
 */
final class FlagCode {
  /** AF where LAHF has it, in AH. */
  private static final int ADJUST = 0x10;
  private static final int CARRY = 1;
  private static final int ZERO = 0x40;
  /** SF, ZF, AF, PF and CF. */
  private static final int LOW = 0xD5;
  private static final int OVERFLOW_BIT = 11;

  private final X64 code;
  private boolean live;

  FlagCode(X64 code) {
    this.code = code;
  }

  /** Code is emitted that changes the host's flags. */
  void lost() {
    live = false;
  }

  /** The host's flags are the guest's, and go to memory, too, if they are needed there. */
  void made(boolean needed) {
    live = true;
    if (needed) {
      code.flagsIntoAx();
      code.storeShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
    }
  }

  /** The same of what leaves AF undefined, and is needed in memory: it becomes 0. */
  void madeWithoutAdjust() {
    code.flagsIntoAx();
    andHigh(~ADJUST);
    code.storeShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
    live = false;
  }

  /** The host's flags become the guest's. */
  void restore() {
    if (!live) {
      loadAx();
      code.flagsFromAx();
      live = true;
    }
  }

  private void loadAx() {
    code.loadShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
  }

  /** CF becomes the host's, the others stay as they are in memory. RDX is lost. */
  void carryMade(boolean needed) {
    if (needed) {
      code.setByteIf(X64.B, X64.RDX);
      merge(CARRY);
    }
    live = false;
  }

  /** ZF becomes the host's, the others stay as they are in memory. RDX is lost. */
  void zeroMade(boolean needed) {
    if (needed) {
      code.setByteIf(X64.E, X64.RDX);
      code.shift(X64.SHL, false, X64.RDX, 6);
      merge(ZERO);
    }
    live = false;
  }

  /** ZF becomes the low byte of RDX, and CF that of RCX; the others stay as they are in memory. */
  void zeroAndCarry() {
    code.shift(X64.SHL, false, X64.RDX, 6);
    code.arithmetic(X64.OR, false, X64.RDX, X64.RCX);
    merge(ZERO | CARRY);
    live = false;
  }

  private void merge(int mask) {
    loadAx();
    andHigh(~mask);
    orHigh(X64.RDX);
    code.storeShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
  }

  /** A product was computed: CF and OF are the low byte of RCX, the others those of a result in a register; AF is 0. */
  void productMade(boolean wide, int result) {
    code.test(wide, result, result);
    code.flagsIntoAx();
    andHigh(~(ADJUST | CARRY));
    orHigh(X64.RCX);
    // MOV AL, CL
    code.byteOf(0x8A);
    code.modRegister(X64.RAX, X64.RCX);
    code.storeShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
    live = false;
  }

  /** They become those of an image of RFLAGS in a register other than RAX, which is lost. */
  void become(int image) {
    code.move(false, X64.RAX, image);
    code.shift(X64.SHR, false, X64.RAX, OVERFLOW_BIT);
    code.arithmeticConstant(X64.AND, false, X64.RAX, 1);
    code.arithmeticConstant(X64.AND, false, image, LOW);
    code.arithmeticConstant(X64.OR, false, image, FlagBits.FIXED);
    code.shift(X64.SHL, false, image, 8);
    code.arithmetic(X64.OR, false, X64.RAX, image);
    code.storeShort(X64.RAX, X64.RBP, StateLayout.FLAGS);
    live = false;
  }

  /** CF in memory is cleared, set or complemented: AND, OR or XOR of the byte in memory. */
  void carry(int operation) {
    // 80 /digit ib
    code.byteOf(0x80);
    code.modMemory(operation, X64.RBP, StateLayout.FLAGS + 1);
    code.byteOf(operation == X64.AND ? ~CARRY : CARRY);
    live = false;
  }

  private void andHigh(int mask) {
    // AND AH, imm8
    code.byteOf(0x80);
    code.byteOf(0xE4);
    code.byteOf(mask);
  }

  private void orHigh(int low) {
    // OR AH, CL or DL
    code.byteOf(0x08);
    code.modRegister(low, 4);
  }
}
