// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/**
 * A decoded instruction: reused by the decoder, so take out what shall stay. Register numbers are 0 to 15 with REX applied;
 * mask them with 7 where they name MMX, x87 or segment registers, for which REX doesn't count.
 */
public final class Instruction {
  Insn insn;
  int length;
  int operandSize;
  int addressSize;
  DecodeMode mode;
  int rex;
  boolean lock;
  int repeat;
  int segment;
  int segmentPrefix;
  boolean sizePrefix;
  boolean addressPrefix;
  int mod;
  int reg;
  int rm;
  int base;
  int index;
  int scale;
  long displacement;
  int displacementBytes;
  boolean ripRelative;
  long imm;
  int imm2;
  int opcodeRegister;

  /** The form. */
  public Insn insn() {
    return insn;
  }

  /** The bytes it takes, 1 to 15. */
  public int length() {
    return length;
  }

  /** The operand size attribute: 16, 32 or 64 bits. Byte operations are a matter of the form, not of this. */
  public int operandSize() {
    return operandSize;
  }

  /** The address size attribute: 16, 32 or 64 bits. */
  public int addressSize() {
    return addressSize;
  }

  /** The mode it was decoded in. */
  public DecodeMode mode() {
    return mode;
  }

  /** The REX prefix that counts, 0x40 to 0x4F, or 0. */
  public int rex() {
    return rex;
  }

  /** Whether there is a LOCK prefix. */
  public boolean lock() {
    return lock;
  }

  /** Whether the last of F2 and F3 is F3. It may be part of the opcode, or ignored. */
  public boolean rep() {
    return repeat == 0xF3;
  }

  /** Whether the last of F2 and F3 is F2. It may be part of the opcode, or ignored. */
  public boolean repne() {
    return repeat == 0xF2;
  }

  /** The segment override that counts, in the order ES CS SS DS FS GS, or -1. In 64-bit mode only FS and GS do. */
  public int segment() {
    return segment;
  }

  /** The last segment prefix, even one that doesn't count, or -1. */
  public int segmentPrefix() {
    return segmentPrefix;
  }

  /** Whether there is a 66 prefix. */
  public boolean sizePrefix() {
    return sizePrefix;
  }

  /** Whether there is a 67 prefix. */
  public boolean addressPrefix() {
    return addressPrefix;
  }

  /** ModRM.mod; 3 means that rm is a register, and also if the form ignores mod. -1 without ModRM. */
  public int mod() {
    return mod;
  }

  /** ModRM.reg with REX.R. */
  public int reg() {
    return reg;
  }

  /** ModRM.rm with REX.B. */
  public int rm() {
    return rm;
  }

  /** Whether the ModRM operand, or the moffs operand, is memory. */
  public boolean memory() {
    return mod >= 0 && mod != 3;
  }

  /** The base register, or -1. */
  public int base() {
    return base;
  }

  /** The index register, or -1. */
  public int index() {
    return index;
  }

  /** What the index is shifted left by: 0 to 3. */
  public int scale() {
    return scale;
  }

  /** The displacement, sign-extended; of a moffs operand, the zero-extended offset. */
  public long displacement() {
    return displacement;
  }

  /** The bytes of the displacement in the code: 0, 1, 2, 4 or 8. */
  public int displacementBytes() {
    return displacementBytes;
  }

  /** Whether the address is relative to the next instruction; then base and index are -1. */
  public boolean ripRelative() {
    return ripRelative;
  }

  /** The immediate or branch distance, sign-extended from the size it has in the code; a far pointer's offset, zero-extended. */
  public long imm() {
    return imm;
  }

  /** A far pointer's selector, or the level of ENTER. */
  public int imm2() {
    return imm2;
  }

  /** The register in the low three bits of the opcode, with REX.B. */
  public int opcodeRegister() {
    return opcodeRegister;
  }

  /** Whether a byte register of that number is AH, CH, DH or BH. */
  public boolean highByte(int register) {
    return rex == 0 && register >= 4;
  }

  /** The mnemonic for its operand or address size. */
  public String mnemonic() {
    return insn.mnemonic(insn.is(Trait.ADDRESS_SIZED) ? addressSize : operandSize);
  }
}
