// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;

/**
 * Vector instructions of x86-64. An operation is its bytes, the mandatory prefix first. Operands in memory are relative
 * to the state, at multiples of 16, and a register may have them, too. Source: Intel SDM, volume 2.
 */
final class X64Vectors {
  /** MOVDQU. */
  static final int LOAD = 0xF3_0F6F;
  /** MOVDQU to memory. */
  static final int STORE = 0xF3_0F7F;
  /** MOVQ: the low half, the high one becomes 0. */
  static final int LOAD_LOW = 0xF3_0F7E;
  /** MOVD: the low word, the others become 0. */
  static final int LOAD_WORD = 0x66_0F6E;
  static final int AND = 0x66_0FDB;
  /** PANDN: what isn't in the first operand and is in the other. */
  static final int NOT_AND = 0x66_0FDF;
  static final int OR = 0x66_0FEB;
  static final int XOR = 0x66_0FEF;
  /** PADDUSB, PMINUB, PCMPEQB. */
  static final int ADD8_SATURATED = 0x66_0FDC;
  static final int MIN8_UNSIGNED = 0x66_0FDA;
  static final int EQUAL8 = 0x66_0F74;
  /** PCMPEQD. */
  static final int EQUAL32 = 0x66_0F76;
  /** PACKUSWB. */
  static final int PACK8 = 0x66_0F67;
  /** PACKSSDW. */
  static final int PACK16 = 0x66_0F6B;
  /** PUNPCKLQDQ. */
  static final int LOW_HALVES = 0x66_0F6C;
  /** PSHUFD. */
  static final int SHUFFLE32 = 0x66_0F70;
  /** PSHUFLW, PSHUFHW. */
  static final int SHUFFLE_LOW = 0xF2_0F70;
  static final int SHUFFLE_HIGH = 0xF3_0F70;
  /** PSHUFB. */
  static final int SHUFFLE_BYTES = 0x66_0F3800;
  /** PALIGNR. */
  static final int EXTRACT = 0x66_0F3A0F;
  /** PMOVSX, PMOVZX to lanes twice as wide, by the power of two of a lane's bytes. */
  static final int[] WIDEN = {0x66_0F3820, 0x66_0F3823, 0x66_0F3825};
  static final int[] WIDEN_UNSIGNED = {0x66_0F3830, 0x66_0F3833, 0x66_0F3835};
  /** PCLMULQDQ. */
  static final int POLYNOMIAL = 0x66_0F3A44;
  static final int AES_ENCRYPT = 0x66_0F38DC;
  static final int AES_ENCRYPT_LAST = 0x66_0F38DD;
  static final int AES_DECRYPT_LAST = 0x66_0F38DF;
  /** AESIMC. */
  static final int AES_INVERSE = 0x66_0F38DB;
  /** Shifts by a constant: what is in the field of a register. */
  static final int RIGHT = 2;
  static final int RIGHT_SIGNED = 4;
  static final int LEFT = 6;
  /** Shifts of the whole register by bytes, of elements of 64 bits. */
  static final int RIGHT_BYTES = 3;
  static final int LEFT_BYTES = 7;

  private static final int ESCAPE = 0x0F;

  private final X64 code;
  private final VectorCache held;

  X64Vectors(X64 code, VectorCache held) {
    this.code = code;
    this.held = held;
  }

  private void operation(int op) {
    operation(op, 0, 0);
  }

  private void operation(int op, int reg, int rm) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      int value = op >>> shift;
      if ((value & 0xFF) == ESCAPE && value >>> 8 <= 0xFF) {
        // The first one: behind the mandatory prefix.
        code.rex(false, reg, 0, rm);
      }
      if (value != 0) {
        code.byteOf(value);
      }
    }
  }

  /** An operation on one of XMM0 to XMM7 and memory, which is read where it is at hand. */
  void memory(int op, int register, int place) {
    int host = op == STORE || op == LOAD_WORD ? VectorCache.NONE : held.at(place);
    if (host != VectorCache.NONE) {
      registers(op, register, host);
      return;
    }
    operation(op);
    code.modMemory(register, X64.RBP, place);
    if (op == STORE) {
      int copy = held.hold(place);
      if (copy != VectorCache.NONE) {
        registers(LOAD, copy, register);
      }
    }
  }

  /** The same with a constant of a byte. */
  void memory(int op, int register, int place, int constant) {
    memory(op, register, place);
    code.byteOf(constant);
  }

  /** An operation on two registers. */
  void registers(int op, int to, int from) {
    operation(op, to, from);
    code.modRegister(to, from);
  }

  /** The same with a constant of a byte. */
  void registers(int op, int to, int from, int constant) {
    registers(op, to, from);
    code.byteOf(constant);
  }

  /** An operation of a prefix and two bytes, on a general register and a vector register, in the order that it has. */
  void general(int op, boolean wide, int to, int from) {
    code.byteOf(op >>> 16);
    code.rex(wide, to, 0, from);
    code.byteOf(op >>> 8);
    code.byteOf(op);
    code.modRegister(to, from);
  }

  /** The same on memory at base + index + displacement. */
  void indexed(int op, int register, int base, int index, int disp) {
    code.byteOf(op >>> 16);
    code.rex(false, 0, index, base);
    code.byteOf(op >>> 8);
    code.byteOf(op);
    code.modIndexed(register, base, index, disp);
  }

  /** MOVD, MOVQ. */
  void toGeneral(boolean wide, int to, int register) {
    general(0x66_0F7E, wide, register, to);
  }

  void fromGeneral(boolean wide, int register, int from) {
    general(0x66_0F6E, wide, register, from);
  }

  /** A fused operation on XMM0, another register, and memory: XMM0 is the addend. */
  void fused(int op, boolean wide, int register, int place) {
    code.vex(2, wide, 0, X64.RBP, (~register & 15) << 3 | 1);
    code.byteOf(op);
    code.modMemory(0, X64.RBP, place);
  }

  /** A fused operation on XMM0, which is the addend, and two others. */
  void fusedRegisters(int op, boolean wide, int one, int other) {
    code.vex(2, wide, 0, other, (~one & 15) << 3 | 1);
    code.byteOf(op);
    code.modRegister(0, other);
  }

  /** Shifts elements of 16, 32 or 64 bits, given as a power of two of bytes, by a constant. */
  void shift(int how, int size, int register, int count) {
    operation(0x66_0F70 + size);
    code.modRegister(how, register);
    code.byteOf(count);
  }

  /** Both halves of a register become a constant. Takes RAX. */
  void constant(int register, long half) {
    code.constant(X64.RAX, half);
    fromGeneral(true, register, X64.RAX);
    registers(LOW_HALVES, register, register);
  }

  /** All bits become 0. */
  void zero(int register) {
    registers(XOR, register, register);
  }

  /** All bits become 1. */
  void ones(int register) {
    registers(EQUAL32, register, register);
  }

  /** All bits become others, at the cost of another register. */
  void invert(int register, int spare) {
    ones(spare);
    registers(XOR, register, spare);
  }

  /** Loads 1 to 8 bytes, a power of two, into a general register, zero-extended. */
  void loadElement(int size, int to, int place) {
    if (size < 2) {
      code.byteOf(0x0F);
      code.byteOf(size == 0 ? 0xB6 : 0xB7);
      code.modMemory(to, X64.RBP, place);
    } else {
      code.load(size == 3, to, X64.RBP, place);
    }
  }

  /** The same, sign-extended to 32 or 64 bits. */
  void loadElementSigned(boolean wide, int size, int to, int place) {
    if (wide) {
      code.byteOf(0x48);
    }
    if (size < 2) {
      code.byteOf(0x0F);
      code.byteOf(size == 0 ? 0xBE : 0xBF);
    } else {
      code.byteOf(0x63);
    }
    code.modMemory(to, X64.RBP, place);
  }

  /** PINSRB to PINSRQ: an element of a register becomes the low bytes of one of RAX to RBX. */
  void insert(int size, int register, int from, int element) {
    code.byteOf(0x66);
    code.rex(size == 3, 0, 0, 0);
    code.byteOf(0x0F);
    if (size == 1) {
      code.byteOf(0xC4);
    } else {
      code.byteOf(0x3A);
      code.byteOf(size == 0 ? 0x20 : 0x22);
    }
    code.modRegister(register, from);
    code.byteOf(element);
  }
}
