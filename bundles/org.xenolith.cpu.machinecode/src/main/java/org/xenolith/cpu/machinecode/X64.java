// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

/**
 * Emits x86-64 instructions. Operands come in the order of Intel's manuals, the target first; {@code wide} is 64 bits, else 32, which
 * clear the upper half of a target. Numbers of instructions and of conditions are those of the opcode maps. Source: Intel SDM, volume 2.
 */
final class X64 extends X64Moves {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R15 = 15;

  /** Arithmetic with two operands: the number of the group that 81 and 83 have, too. */
  static final int ADD = 0;
  static final int OR = 1;
  static final int ADC = 2;
  static final int SBB = 3;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;
  static final int CMP = 7;

  /** Shifts. */
  static final int ROR = 1;
  static final int SHL = 4;
  static final int SHR = 5;
  static final int SAR = 7;

  /** Group 3. */
  static final int NOT = 2;
  static final int NEG = 3;
  static final int MUL = 4;
  static final int IMUL = 5;
  static final int DIV = 6;
  static final int IDIV = 7;

  /** Conditions. */
  static final int O = 0;
  static final int NO = 1;
  static final int B = 2;
  static final int AE = 3;
  static final int E = 4;
  static final int NE = 5;
  static final int BE = 6;
  static final int A = 7;
  static final int S = 8;
  static final int NS = 9;
  static final int P = 10;
  static final int L = 12;
  static final int GE = 13;
  static final int LE = 14;
  static final int G = 15;

  /** RORX has one operand less, and the prefix F2. */
  private static final int ROTATES = 0x7B;

  private final boolean bits;

  /** @param bits whether the host has BMI2; without, the same takes more instructions */
  X64(boolean bits) {
    this.bits = bits;
  }

  // ---- Arithmetic

  void arithmetic(int op, boolean wide, int to, int from) {
    rex(wide, to, 0, from);
    byteOf(op << 3 | 3);
    modRegister(to, from);
  }

  void arithmeticMemory(int op, boolean wide, int to, int base, int disp) {
    rex(wide, to, 0, base);
    byteOf(op << 3 | 3);
    modMemory(to, base, disp);
  }

  /** Memory becomes the result. */
  void arithmeticToMemory(int op, boolean wide, int from, int base, int disp) {
    rex(wide, from, 0, base);
    byteOf(op << 3 | 1);
    modMemory(from, base, disp);
  }

  void arithmeticIndexed(int op, boolean wide, int to, int base, int index, int disp) {
    rex(wide, to, index, base);
    byteOf(op << 3 | 3);
    modIndexed(to, base, index, disp);
  }

  void arithmeticConstant(int op, boolean wide, int to, int value) {
    rex(wide, 0, 0, to);
    boolean small = value == (byte) value;
    byteOf(small ? 0x83 : 0x81);
    modRegister(op, to);
    immediate(small, value);
  }

  /** On a word in memory. */
  void arithmeticMemoryConstant(int op, boolean wide, int base, int disp, int value) {
    rex(wide, 0, 0, base);
    boolean small = value == (byte) value;
    byteOf(small ? 0x83 : 0x81);
    modMemory(op, base, disp);
    immediate(small, value);
  }

  private void immediate(boolean small, int value) {
    if (small) {
      byteOf(value);
    } else {
      intOf(value);
    }
  }

  /** ADD or SUB with a constant of 8 bits, which {@link #patchByte} gives later. Returns where. */
  int subtractLater(int from) {
    rex(true, 0, 0, from);
    byteOf(0x83);
    modRegister(SUB, from);
    byteOf(0);
    return at() - 1;
  }

  void test(boolean wide, int one, int other) {
    rex(wide, other, 0, one);
    byteOf(0x85);
    modRegister(other, one);
  }

  void testConstant(int register, int value) {
    rex(false, 0, 0, register);
    byteOf(0xF7);
    modRegister(0, register);
    intOf(value);
  }

  /** TEST of a byte in memory. */
  void testMemory(int base, int disp, int value) {
    byteOf(0xF6);
    modMemory(0, base, disp);
    byteOf(value);
  }

  void shift(int op, boolean wide, int register, int count) {
    rex(wide, 0, 0, register);
    byteOf(0xC1);
    modRegister(op, register);
    byteOf(count);
  }

  /** A register, rotated right. Flags may be lost. */
  void rotated(boolean wide, int to, int from, int count) {
    if (bits) {
      vex(3, wide, to, from, ROTATES);
      byteOf(0xF0);
      modRegister(to, from);
      byteOf(count);
    } else {
      move(wide, to, from);
      shift(ROR, wide, to, count);
    }
  }

  /** The same of what is in memory. */
  void rotatedMemory(boolean wide, int to, int base, int disp, int count) {
    if (bits) {
      vex(3, wide, to, base, ROTATES);
      byteOf(0xF0);
      modMemory(to, base, disp);
      byteOf(count);
    } else {
      load(wide, to, base, disp);
      shift(ROR, wide, to, count);
    }
  }

  /** The low half becomes that of a register shifted right by at most 32; the upper half may be anything. Flags may be lost. */
  void shiftedRight(int to, int from, int count) {
    if (bits) {
      rotated(true, to, from, count);
    } else {
      move(true, to, from);
      shift(SHR, true, to, count);
    }
  }

  /** By CL. */
  void shiftByCount(int op, boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0xD3);
    modRegister(op, register);
  }

  /** SHRD: shifts right, from another register. */
  void shiftPair(boolean wide, int to, int from, int count) {
    rex(wide, from, 0, to);
    byteOf(0x0F);
    byteOf(0xAC);
    modRegister(from, to);
    byteOf(count);
  }

  /** NOT, NEG, or with RAX and RDX: MUL, IMUL, DIV, IDIV. */
  void group3(int op, boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0xF7);
    modRegister(op, register);
  }

  /** The same of a word in memory. */
  void group3Memory(int op, boolean wide, int base, int disp) {
    rex(wide, 0, 0, base);
    byteOf(0xF7);
    modMemory(op, base, disp);
  }

  /** IMUL with two operands. */
  void multiply(boolean wide, int to, int from) {
    twoByte(wide, 0xAF, to, from);
  }

  /** RDX:RAX from RAX's sign. */
  void signIntoDx(boolean wide) {
    rex(wide, 0, 0, 0);
    byteOf(0x99);
  }

  private void twoByte(boolean wide, int op, int to, int from) {
    rex(wide, to, 0, from);
    byteOf(0x0F);
    byteOf(op);
    modRegister(to, from);
  }

  void moveIf(int condition, boolean wide, int to, int from) {
    twoByte(wide, 0x40 | condition, to, from);
  }

  /** SETcc AL; MOVZX to another register. Flags stay. */
  void setIf(int condition, int to) {
    byteOf(0x0F);
    byteOf(0x90 | condition);
    byteOf(0xC0);
    zeroExtend(8, to, RAX);
  }

  /** CRC32: adds 1 &lt;&lt; {@code size} bytes to a CRC-32C. */
  void checksum(int size, int to, int from) {
    if (size == 1) {
      byteOf(0x66);
    }
    byteOf(0xF2);
    // Without a prefix, 4 to 7 would be AH to BH.
    byteOf(0x40 | (size == 3 ? 8 : 0) | to >> 3 << 2 | from >> 3);
    byteOf(0x0F);
    byteOf(0x38);
    byteOf(size == 0 ? 0xF0 : 0xF1);
    modRegister(to, from);
  }

  void swapBytes(boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0x0F);
    byteOf(0xC8 | register & 7);
  }

  /** BSR: undefined, and ZF set, for zero. */
  void highestBit(boolean wide, int to, int from) {
    twoByte(wide, 0xBD, to, from);
  }

  /** BT with a constant: CF becomes the bit. */
  void testBit(int register, int bit) {
    bit(4, register, bit);
  }

  void clearBit(int register, int bit) {
    bit(6, register, bit);
  }

  void complementBit(int register, int bit) {
    bit(7, register, bit);
  }

  private void bit(int how, int register, int bit) {
    rex(bit > 31, 0, 0, register);
    byteOf(0x0F);
    byteOf(0xBA);
    modRegister(how, register);
    byteOf(bit);
  }

  // ---- Flags

  /** LAHF; SETO AL. */
  void flagsIntoAx() {
    byteOf(0x9F);
    byteOf(0x0F);
    byteOf(0x90);
    byteOf(0xC0);
  }

  /** ADD AL, 7Fh; SAHF: what {@link #flagsIntoAx} did, back. */
  void flagsFromAx() {
    byteOf(0x04);
    byteOf(0x7F);
    byteOf(0x9E);
  }

  void complementCarry() {
    byteOf(0xF5);
  }

  void setCarry() {
    byteOf(0xF9);
  }

  // ---- Jumps

  /** Jumps to {@link #patchJump}'s place. Returns where that is kept. */
  int jump() {
    byteOf(0xE9);
    intOf(0);
    return at() - 4;
  }

  void jumpTo(int place) {
    byteOf(0xE9);
    intOf(place - at() - 4);
  }

  int jumpIf(int condition) {
    byteOf(0x0F);
    byteOf(0x80 | condition);
    intOf(0);
    return at() - 4;
  }

  void jumpIfTo(int condition, int place) {
    byteOf(0x0F);
    byteOf(0x80 | condition);
    intOf(place - at() - 4);
  }

  /** A jump of at most 127 bytes forward; {@link #patchShort} says where to. */
  int jumpShortIf(int condition) {
    byteOf(0x70 | condition);
    byteOf(0);
    return at() - 1;
  }

  int jumpShort() {
    byteOf(0xEB);
    byteOf(0);
    return at() - 1;
  }

  void jumpRegister(int register) {
    rex(false, 0, 0, register);
    byteOf(0xFF);
    modRegister(4, register);
  }

  /** LDMXCSR. */
  void loadControl(int base, int disp) {
    byteOf(0x0F);
    byteOf(0xAE);
    modMemory(2, base, disp);
  }

  /** STMXCSR. */
  void storeControl(int base, int disp) {
    byteOf(0x0F);
    byteOf(0xAE);
    modMemory(3, base, disp);
  }

  /** XGETBV. */
  void extendedControl() {
    byteOf(0x0F);
    byteOf(0x01);
    byteOf(0xD0);
  }

  /** CPUID. */
  void identify() {
    byteOf(0x0F);
    byteOf(0xA2);
  }

  void push(int register) {
    rex(false, 0, 0, register);
    byteOf(0x50 | register & 7);
  }

  void pop(int register) {
    rex(false, 0, 0, register);
    byteOf(0x58 | register & 7);
  }

  void returnToCaller() {
    byteOf(0xC3);
  }
}
