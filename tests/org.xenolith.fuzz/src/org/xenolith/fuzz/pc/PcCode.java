// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Machine code of 32-bit protected mode, instruction by instruction (Intel SDM volume 2, chapter 2 and appendix A). */
final class PcCode {
  static final int EAX = 0;
  static final int ECX = 1;
  static final int EDX = 2;
  static final int ESP = 4;
  static final int EBP = 5;
  static final int ESI = 6;
  static final int EDI = 7;
  /** ModR/M of an operand at an absolute address. */
  private static final int ABSOLUTE = 5;
  private static final int OPERAND_SIZE = 0x66;

  private final int base;
  private final ByteBuffer bytes;

  /** @param base address of the first byte @param room most bytes */
  PcCode(int base, int room) {
    this.base = base;
    bytes = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The address of the next byte. */
  int here() {
    return base + bytes.position();
  }

  int left() {
    return bytes.remaining();
  }

  /** Bytes as they are. */
  PcCode raw(int... values) {
    for (int value : values) {
      bytes.put((byte) value);
    }
    return this;
  }

  PcCode word(int value) {
    bytes.putInt(value);
    return this;
  }

  PcCode half(int value) {
    bytes.putShort((short) value);
    return this;
  }

  /** MOV r32, imm32. */
  PcCode mov(int register, long value) {
    return raw(0xB8 + register).word((int) value);
  }

  /** An instruction with an operand in memory. @param field the register or the part of the opcode in ModR/M */
  PcCode memory(int opcode, int field, long address) {
    return raw(opcode, ABSOLUTE | field << 3).word((int) address);
  }

  /** The prefix for operands of 16 bits, if that is the size. */
  PcCode prefix(int size) {
    return size == 2 ? raw(OPERAND_SIZE) : this;
  }

  /** Stores a number of 1, 2, 4 or 8 bytes; the last by the x87, as a kernel may. */
  PcCode store(long address, int size, long value) {
    switch (size) {
      case 1 -> memory(0xC6, 0, address).raw((int) value);
      case 2 -> raw(OPERAND_SIZE).memory(0xC7, 0, address).half((int) value);
      case 4 -> memory(0xC7, 0, address).word((int) value);
      // PUSH both halves, FILD and FISTP of 64 bits.
      default -> raw(0x68).word((int) (value >>> 32)).raw(0x68).word((int) value).raw(0xDF, 0x2C, 0x24).memory(0xDF, 7, address).raw(0x83,
          0xC4, 8);
    }
    return this;
  }

  /** Loads 1, 2, 4 or 8 bytes. */
  PcCode load(long address, int size) {
    return switch (size) {
      case 1 -> memory(0x8A, EAX, address);
      case 2, 4 -> prefix(size).memory(0x8B, EAX, address);
      // FILD of 64 bits, FSTP to nowhere.
      default -> memory(0xDF, 5, address).raw(0xDD, 0xD8);
    };
  }

  /** OUT to DX. */
  PcCode out(int port, int size, long value) {
    return mov(EDX, port).mov(EAX, value).prefix(size).raw(size == 1 ? 0xEE : 0xEF);
  }

  /** IN from DX. */
  PcCode in(int port, int size) {
    return mov(EDX, port).prefix(size).raw(size == 1 ? 0xEC : 0xED);
  }

  PcCode writeMsr(int number, long value) {
    return mov(ECX, number).mov(EAX, value).mov(EDX, value >>> 32).raw(0x0F, 0x30);
  }

  PcCode readMsr(int number) {
    return mov(ECX, number).raw(0x0F, 0x32);
  }

  PcCode jump(int to) {
    return raw(0xE9).word(to - here() - 4);
  }

  PcCode call(int to) {
    return raw(0xE8).word(to - here() - 4);
  }

  /** All so far. */
  byte[] bytes() {
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }
}
