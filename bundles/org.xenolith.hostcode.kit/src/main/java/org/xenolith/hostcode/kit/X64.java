// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

/**
 * Emits x86-64 instructions. Operands come in the order of Intel's manuals, the target first; {@code wide} is 64 bits, else 32, which
 * clear the upper half of a target. Numbers of instructions and of conditions are those of the opcode maps. Source: Intel SDM, volume 2.
 */
public final class X64 extends X64Jumps {
  /** Number of RAX. */
  public static final int RAX = 0;
  /** Number of RCX. */
  public static final int RCX = 1;
  /** Number of RDX. */
  public static final int RDX = 2;
  /** Number of RBX. */
  public static final int RBX = 3;
  /** Number of RSP. */
  public static final int RSP = 4;
  /** Number of RBP. */
  public static final int RBP = 5;
  /** Number of RSI. */
  public static final int RSI = 6;
  /** Number of RDI. */
  public static final int RDI = 7;
  /** Number of R15. */
  public static final int R15 = 15;

  /** Arithmetic with two operands: the number of the group that 81 and 83 have, too. */
  public static final int ADD = 0;
  /** OR. */
  public static final int OR = 1;
  /** ADC. */
  public static final int ADC = 2;
  /** SBB. */
  public static final int SBB = 3;
  /** AND. */
  public static final int AND = 4;
  /** SUB. */
  public static final int SUB = 5;
  /** XOR. */
  public static final int XOR = 6;
  /** CMP. */
  public static final int CMP = 7;

  /** Shifts. */
  public static final int ROR = 1;
  /** SHL. */
  public static final int SHL = 4;
  /** SHR. */
  public static final int SHR = 5;
  /** SAR. */
  public static final int SAR = 7;

  /** Group 3. */
  public static final int NOT = 2;
  /** NEG. */
  public static final int NEG = 3;
  /** MUL. */
  public static final int MUL = 4;
  /** IMUL. */
  public static final int IMUL = 5;
  /** DIV. */
  public static final int DIV = 6;
  /** IDIV. */
  public static final int IDIV = 7;

  /** Conditions. */
  public static final int O = 0;
  /** No overflow. */
  public static final int NO = 1;
  /** Below: carry. */
  public static final int B = 2;
  /** Above or equal: no carry. */
  public static final int AE = 3;
  /** Equal: zero. */
  public static final int E = 4;
  /** Not equal. */
  public static final int NE = 5;
  /** Below or equal. */
  public static final int BE = 6;
  /** Above. */
  public static final int A = 7;
  /** Sign. */
  public static final int S = 8;
  /** No sign. */
  public static final int NS = 9;
  /** Parity. */
  public static final int P = 10;
  /** Less, signed. */
  public static final int L = 12;
  /** Greater or equal, signed. */
  public static final int GE = 13;
  /** Less or equal, signed. */
  public static final int LE = 14;
  /** Greater, signed. */
  public static final int G = 15;

  /** RORX has one operand less, and the prefix F2. */
  private static final int ROTATES = 0x7B;

  private final boolean bits;

  /** @param bits whether the host has BMI2; without, the same takes more instructions */
  public X64(boolean bits) {
    this.bits = bits;
  }

  // ---- Arithmetic

  /** Arithmetic of a register with another one. */
  public void arithmetic(int op, boolean wide, int to, int from) {
    rex(wide, to, 0, from);
    byteOf(op << 3 | 3);
    modRegister(to, from);
  }

  /** Arithmetic of a register with what is at base + displacement. */
  public void arithmeticMemory(int op, boolean wide, int to, int base, int disp) {
    rex(wide, to, 0, base);
    byteOf(op << 3 | 3);
    modMemory(to, base, disp);
  }

  /** Memory becomes the result. */
  public void arithmeticToMemory(int op, boolean wide, int from, int base, int disp) {
    rex(wide, from, 0, base);
    byteOf(op << 3 | 1);
    modMemory(from, base, disp);
  }

  /** The same at base + index + displacement. */
  public void arithmeticIndexed(int op, boolean wide, int to, int base, int index, int disp) {
    rex(wide, to, index, base);
    byteOf(op << 3 | 3);
    modIndexed(to, base, index, disp);
  }

  /** Arithmetic of a register with a constant, sign-extended. */
  public void arithmeticConstant(int op, boolean wide, int to, int value) {
    rex(wide, 0, 0, to);
    boolean small = value == (byte) value;
    byteOf(small ? 0x83 : 0x81);
    modRegister(op, to);
    immediate(small, value);
  }

  /** On a word in memory. */
  public void arithmeticMemoryConstant(int op, boolean wide, int base, int disp, int value) {
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
  public int subtractLater(int from) {
    rex(true, 0, 0, from);
    byteOf(0x83);
    modRegister(SUB, from);
    byteOf(0);
    return at() - 1;
  }

  /** TEST of two registers. */
  public void test(boolean wide, int one, int other) {
    rex(wide, other, 0, one);
    byteOf(0x85);
    modRegister(other, one);
  }

  /** TEST of the lower half of a register with a constant. */
  public void testConstant(int register, int value) {
    rex(false, 0, 0, register);
    byteOf(0xF7);
    modRegister(0, register);
    intOf(value);
  }

  /** TEST of a byte in memory. */
  public void testMemory(int base, int disp, int value) {
    byteOf(0xF6);
    modMemory(0, base, disp);
    byteOf(value);
  }

  /** CMP of a byte in memory, at a register, with a constant. */
  public void compareByte(int base, int value) {
    rex(false, 0, 0, base);
    byteOf(0x80);
    modMemory(CMP, base, 0);
    byteOf(value);
  }

  /** A shift of a register by a constant. */
  public void shift(int op, boolean wide, int register, int count) {
    rex(wide, 0, 0, register);
    byteOf(0xC1);
    modRegister(op, register);
    byteOf(count);
  }

  /** A register, rotated right. Flags may be lost. */
  public void rotated(boolean wide, int to, int from, int count) {
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
  public void rotatedMemory(boolean wide, int to, int base, int disp, int count) {
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
  public void shiftedRight(int to, int from, int count) {
    if (bits) {
      rotated(true, to, from, count);
    } else {
      move(true, to, from);
      shift(SHR, true, to, count);
    }
  }

  /** By CL. */
  public void shiftByCount(int op, boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0xD3);
    modRegister(op, register);
  }

  /** SHRD: shifts right, from another register. */
  public void shiftPair(boolean wide, int to, int from, int count) {
    rex(wide, from, 0, to);
    byteOf(0x0F);
    byteOf(0xAC);
    modRegister(from, to);
    byteOf(count);
  }

  /** NOT, NEG, or with RAX and RDX: MUL, IMUL, DIV, IDIV. */
  public void group3(int op, boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0xF7);
    modRegister(op, register);
  }

  /** The same of a word in memory. */
  public void group3Memory(int op, boolean wide, int base, int disp) {
    rex(wide, 0, 0, base);
    byteOf(0xF7);
    modMemory(op, base, disp);
  }

  /** IMUL with two operands. */
  public void multiply(boolean wide, int to, int from) {
    twoByte(wide, 0xAF, to, from);
  }

  /** RDX:RAX from RAX's sign. */
  public void signIntoDx(boolean wide) {
    rex(wide, 0, 0, 0);
    byteOf(0x99);
  }

  private void twoByte(boolean wide, int op, int to, int from) {
    rex(wide, to, 0, from);
    byteOf(0x0F);
    byteOf(op);
    modRegister(to, from);
  }

  /** CMOVcc. */
  public void moveIf(int condition, boolean wide, int to, int from) {
    twoByte(wide, 0x40 | condition, to, from);
  }

  /** SETcc AL; MOVZX to another register. Flags stay. */
  public void setIf(int condition, int to) {
    byteOf(0x0F);
    byteOf(0x90 | condition);
    byteOf(0xC0);
    zeroExtend(8, to, RAX);
  }

  /** SETcc of a low byte. Flags stay. */
  public void setByteIf(int condition, int to) {
    // Without a prefix, 4 to 7 would be AH to BH.
    byteOf(0x40 | to >> 3);
    byteOf(0x0F);
    byteOf(0x90 | condition);
    modRegister(0, to);
  }

  /** CRC32: adds 1 &lt;&lt; {@code size} bytes to a CRC-32C. */
  public void checksum(int size, int to, int from) {
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

  /** BSWAP. */
  public void swapBytes(boolean wide, int register) {
    rex(wide, 0, 0, register);
    byteOf(0x0F);
    byteOf(0xC8 | register & 7);
  }

  /** BSR: undefined, and ZF set, for zero. */
  public void highestBit(boolean wide, int to, int from) {
    twoByte(wide, 0xBD, to, from);
  }

  /** BT with a constant: CF becomes the bit. */
  public void testBit(int register, int bit) {
    bit(4, register, bit);
  }

  /** BTR with a constant. */
  public void clearBit(int register, int bit) {
    bit(6, register, bit);
  }

  /** BTC with a constant. */
  public void complementBit(int register, int bit) {
    bit(7, register, bit);
  }

  private void bit(int how, int register, int bit) {
    rex(bit > 31, 0, 0, register);
    byteOf(0x0F);
    byteOf(0xBA);
    modRegister(how, register);
    byteOf(bit);
  }

  /** A NOP up to the next multiple of four. */
  public void align() {
    switch (-at() & 3) {
      case 1 -> byteOf(0x90);
      case 2 -> {
        byteOf(0x66);
        byteOf(0x90);
      }
      case 3 -> {
        byteOf(0x0F);
        byteOf(0x1F);
        byteOf(0x00);
      }
      default -> {
        // It is one.
      }
    }
  }

  // ---- Flags

  /** LAHF; SETO AL. */
  public void flagsIntoAx() {
    byteOf(0x9F);
    byteOf(0x0F);
    byteOf(0x90);
    byteOf(0xC0);
  }

  /** ADD AL, 7Fh; SAHF: what {@link #flagsIntoAx} did, back. */
  public void flagsFromAx() {
    byteOf(0x04);
    byteOf(0x7F);
    byteOf(0x9E);
  }

  /** CMC. */
  public void complementCarry() {
    byteOf(0xF5);
  }

  /** STC. */
  public void setCarry() {
    byteOf(0xF9);
  }

  // ---- Control of the host

  /** LDMXCSR. */
  public void loadControl(int base, int disp) {
    byteOf(0x0F);
    byteOf(0xAE);
    modMemory(2, base, disp);
  }

  /** STMXCSR. */
  public void storeControl(int base, int disp) {
    byteOf(0x0F);
    byteOf(0xAE);
    modMemory(3, base, disp);
  }

  /** VZEROUPPER, of a host with AVX. */
  public void zeroUpper() {
    byteOf(0xC5);
    byteOf(0xF8);
    byteOf(0x77);
  }

  /** XGETBV. */
  public void extendedControl() {
    byteOf(0x0F);
    byteOf(0x01);
    byteOf(0xD0);
  }

  /** CPUID. */
  public void identify() {
    byteOf(0x0F);
    byteOf(0xA2);
  }
}
