// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of SHA-1 and SHA-256 by the host's instructions. The host has a's and e's sides of a state mixed, adds SHA-1's constants itself, and has
 * the first word on top. Source: Arm ARM DDI 0487, C7.2; Intel SDM, volume 2.
 */
final class ShaCode implements CodeTable.Emitter {
  private static final int CHOOSE = 0;
  private static final int PARITY = 1;
  private static final int MAJORITY = 2;
  private static final int ROTATE = 3;
  private static final int SCHEDULE1 = 4;
  private static final int SCHEDULE1_END = 5;
  private static final int HASH = 6;
  private static final int HASH_SECOND = 7;
  private static final int SCHEDULE256 = 8;
  private static final int SCHEDULE256_END = 9;
  /** What the host adds in SHA-1's rounds. */
  private static final int[] CONSTANTS = {0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC};
  /** SHA1RNDS4, SHA256RNDS2, SHA256MSG1, SHA256MSG2. */
  private static final int ROUNDS1 = 0x0F3ACC;
  private static final int ROUNDS256 = 0x0F38CB;
  private static final int MESSAGE256 = 0x0F38CC;
  private static final int MESSAGE256_END = 0x0F38CD;
  /** PADDD, PSUBD. */
  private static final int ADD = 0x66_0FFE;
  private static final int SUB = 0x66_0FFA;
  /** PUNPCKHQDQ. */
  private static final int HIGH_HALVES = 0x66_0F6D;
  /** Orders of PSHUFD: all words, the words of each half, the high half. */
  private static final int REVERSED = 0x1B;
  private static final int EXCHANGED = 0xB1;
  private static final int HIGH = 0x0E;
  /** Sizes of elements that are shifted. */
  private static final int WORDS = 2;
  private static final int WHOLE = 3;

  private final X64 code;
  private final X64Vectors vectors;
  private final VectorRegisters registers;

  ShaCode(X64 code, X64Vectors vectors, VectorRegisters registers) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, CHOOSE, Insn.SHA1C);
    table.put(this, PARITY, Insn.SHA1P);
    table.put(this, MAJORITY, Insn.SHA1M);
    table.put(this, ROTATE, Insn.SHA1H);
    table.put(this, SCHEDULE1, Insn.SHA1SU0);
    table.put(this, SCHEDULE1_END, Insn.SHA1SU1);
    table.put(this, HASH, Insn.SHA256H);
    table.put(this, HASH_SECOND, Insn.SHA256H2);
    table.put(this, SCHEDULE256, Insn.SHA256SU0);
    table.put(this, SCHEDULE256_END, Insn.SHA256SU1);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    switch (operation) {
      case CHOOSE, PARITY, MAJORITY -> rounds(operation, word);
      case ROTATE -> {
        code.load(false, X64.RAX, X64.RBP, place(rn(word)));
        code.shift(X64.ROR, false, X64.RAX, 2);
        vectors.fromGeneral(false, 0, X64.RAX);
      }
      case SCHEDULE1 -> {
        load(0, rn(word));
        vectors.memory(X64Vectors.EXTRACT, 0, place(rd(word)), 8);
        vectors.memory(X64Vectors.XOR, 0, place(rd(word)));
        vectors.memory(X64Vectors.XOR, 0, place(rm(word)));
      }
      case SCHEDULE1_END -> endOfSchedule(word);
      case HASH -> {
        hash(rd(word), rn(word), word);
        vectors.registers(HIGH_HALVES, 2, 1);
        vectors.registers(X64Vectors.SHUFFLE32, 0, 2, EXCHANGED);
      }
      case HASH_SECOND -> {
        hash(rn(word), rd(word), word);
        vectors.registers(X64Vectors.LOW_HALVES, 2, 1);
        vectors.registers(X64Vectors.SHUFFLE32, 0, 2, EXCHANGED);
      }
      case SCHEDULE256 -> {
        load(0, rd(word));
        vectors.memory(MESSAGE256, 0, place(rn(word)));
      }
      default -> {
        load(0, rm(word));
        vectors.memory(X64Vectors.EXTRACT, 0, place(rn(word)), 4);
        vectors.memory(ADD, 0, place(rd(word)));
        vectors.memory(MESSAGE256_END, 0, place(rm(word)));
      }
    }
    registers.set(rd(word), true);
  }

  private void load(int register, int from) {
    vectors.memory(X64Vectors.LOAD, register, place(from));
  }

  /** Four rounds of SHA-1. */
  private void rounds(int operation, int word) {
    code.constant(X64.RAX, CONSTANTS[operation] & 0xFFFF_FFFFL);
    vectors.fromGeneral(false, 2, X64.RAX);
    vectors.registers(X64Vectors.SHUFFLE32, 2, 2, 0);
    load(1, rm(word));
    vectors.registers(SUB, 1, 2);
    vectors.memory(X64Vectors.LOAD_WORD, 2, place(rn(word)));
    vectors.registers(ADD, 1, 2);
    vectors.registers(X64Vectors.SHUFFLE32, 1, 1, REVERSED);
    vectors.memory(X64Vectors.SHUFFLE32, 0, place(rd(word)), REVERSED);
    vectors.registers(ROUNDS1, 0, 1, operation);
    vectors.registers(X64Vectors.SHUFFLE32, 0, 0, REVERSED);
  }

  private void endOfSchedule(int word) {
    load(0, rn(word));
    vectors.shift(X64Vectors.RIGHT_BYTES, WHOLE, 0, 4);
    vectors.memory(X64Vectors.XOR, 0, place(rd(word)));
    rotate(0, 1);
    // The last word also has the first one, rotated by one more.
    vectors.registers(X64Vectors.LOAD, 2, 0);
    vectors.shift(X64Vectors.LEFT_BYTES, WHOLE, 2, 12);
    rotate(2, 1);
    vectors.registers(X64Vectors.XOR, 0, 2);
  }

  /** Rotates words left by one. */
  private void rotate(int register, int spare) {
    vectors.registers(X64Vectors.LOAD, spare, register);
    vectors.shift(X64Vectors.LEFT, WORDS, register, 1);
    vectors.shift(X64Vectors.RIGHT, WORDS, spare, 31);
    vectors.registers(X64Vectors.OR, register, spare);
  }

  /** Four rounds of SHA-256 on a to d in one register, and e to h in another: XMM2 has a, b, e and f behind them, XMM1 the others. */
  private void hash(int first, int second, int word) {
    load(2, second);
    vectors.registers(X64Vectors.LOAD, 1, 2);
    vectors.memory(X64Vectors.LOW_HALVES, 2, place(first));
    vectors.registers(X64Vectors.SHUFFLE32, 2, 2, EXCHANGED);
    vectors.memory(HIGH_HALVES, 1, place(first));
    vectors.registers(X64Vectors.SHUFFLE32, 1, 1, EXCHANGED);
    load(0, rm(word));
    vectors.registers(ROUNDS256, 1, 2);
    vectors.registers(X64Vectors.SHUFFLE32, 0, 0, HIGH);
    vectors.registers(ROUNDS256, 2, 1);
  }
}
