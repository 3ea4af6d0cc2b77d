// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of loads and stores of structures: one to four registers. Source: Arm ARM DDI 0487, C7.2. */
final class StructureCode implements CodeTable.Emitter {
  /** Registers one behind the other: how many. */
  private static final int ONE = 1;
  private static final int TWO = 2;
  private static final int THREE = 3;
  private static final int FOUR = 4;
  private static final int PAIRS = 5;
  private static final int FOURS = 6;
  private static final int LANE = 7;
  private static final int COPIES = 8;
  private static final int LANE64 = 3;

  private final X64 code;
  private final X64Vectors vectors;
  private final GuestRegisters general;
  private final AccessCode accesses;
  private final VectorRegisters registers;
  private final PermutationCode permutations;

  StructureCode(X64 code, X64Vectors vectors, GuestRegisters general, AccessCode accesses, VectorRegisters registers,
      PermutationCode permutations) {
    this.code = code;
    this.vectors = vectors;
    this.general = general;
    this.accesses = accesses;
    this.registers = registers;
    this.permutations = permutations;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ONE, Insn.LD1_X1, Insn.LD1_X1_POST, Insn.ST1_X1, Insn.ST1_X1_POST);
    table.put(this, TWO, Insn.LD1_X2, Insn.LD1_X2_POST, Insn.ST1_X2, Insn.ST1_X2_POST);
    table.put(this, THREE, Insn.LD1_X3, Insn.LD1_X3_POST, Insn.ST1_X3, Insn.ST1_X3_POST);
    table.put(this, FOUR, Insn.LD1_X4, Insn.LD1_X4_POST, Insn.ST1_X4, Insn.ST1_X4_POST);
    table.put(this, PAIRS, Insn.LD2_MULTIPLE, Insn.LD2_MULTIPLE_POST, Insn.ST2_MULTIPLE, Insn.ST2_MULTIPLE_POST);
    table.put(this, FOURS, Insn.LD4_MULTIPLE, Insn.LD4_MULTIPLE_POST, Insn.ST4_MULTIPLE, Insn.ST4_MULTIPLE_POST);
    table.put(this, LANE, Insn.LD1_SINGLE, Insn.LD1_SINGLE_POST, Insn.ST1_SINGLE, Insn.ST1_SINGLE_POST);
    table.put(this, LANE, Insn.LD2_SINGLE, Insn.LD2_SINGLE_POST, Insn.ST2_SINGLE, Insn.ST2_SINGLE_POST);
    table.put(this, LANE, Insn.LD3_SINGLE, Insn.LD3_SINGLE_POST, Insn.ST3_SINGLE, Insn.ST3_SINGLE_POST);
    table.put(this, LANE, Insn.LD4_SINGLE, Insn.LD4_SINGLE_POST, Insn.ST4_SINGLE, Insn.ST4_SINGLE_POST);
    table.put(this, COPIES, Insn.LD1R, Insn.LD1R_POST, Insn.LD2R, Insn.LD2R_POST, Insn.LD3R, Insn.LD3R_POST, Insn.LD4R, Insn.LD4R_POST);
  }

  @Override
  public boolean covers(int operation, int word) {
    return operation != PAIRS && operation != FOURS || Fields.q(word);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    accesses.begin();
    int size = word >>> 10 & 3;
    int bytes = switch (operation) {
      case LANE -> lane(word);
      case COPIES -> {
        int count = count(word);
        int address = check(word, count << size, size);
        for (int i = 0; i < count; i++) {
          code.loadIndexed(size, X64.RDX, address, X64.RCX, i << size);
          registers.copies(register(word, i), size, X64.RDX, Fields.q(word));
        }
        yield count << size;
      }
      default -> {
        int count = operation == PAIRS ? 2 : operation == FOURS ? 4 : operation;
        int each = Fields.q(word) ? 16 : 8;
        int address = check(word, count * each, size);
        if (operation >= PAIRS) {
          interleaved(word, address, count, size);
        } else {
          sequence(word, address, count);
        }
        yield count * each;
      }
    };
    if ((word & 1 << 23) != 0) {
      if (Fields.rm(word) == 31) {
        general.add(Fields.rn(word), bytes);
      } else {
        general.addRegister(Fields.rn(word), Fields.rm(word));
      }
    }
  }

  private static boolean stores(int word) {
    return (word & 1 << 22) == 0;
  }

  private static int register(int word, int number) {
    return Fields.rt(word) + number & 31;
  }

  /** Registers of a lane or of copies: R and the lowest bit of the opcode. */
  private static int count(int word) {
    return (word >>> 21 & 1) + (word >>> 12 & 2) + 1;
  }

  /** The address of bytes that have a tag. */
  private int check(int word, int bytes, int size) {
    int address = accesses.base(word, 0);
    accesses.check(address, bytes, (stores(word) ? CodeExits.STORE : 0) | AccessCode.element(size));
    return address;
  }

  private void sequence(int word, int address, int count) {
    boolean whole = Fields.q(word);
    for (int i = 0; i < count; i++) {
      int place = place(register(word, i));
      if (!stores(word)) {
        vectors.indexed(whole ? X64Vectors.LOAD : X64Vectors.LOAD_LOW, 0, address, X64.RCX, whole ? 16 * i : 8 * i);
        vectors.memory(X64Vectors.STORE, 0, place);
      } else if (whole) {
        vectors.memory(X64Vectors.LOAD, 0, place);
        vectors.indexed(X64Vectors.STORE, 0, address, X64.RCX, 16 * i);
      } else {
        code.load(true, X64.RDX, X64.RBP, place);
        code.storeIndexed(3, X64.RDX, address, X64.RCX, 8 * i);
      }
    }
  }

  /** Two or four whole registers, whose lanes are next to each other in memory. */
  private void interleaved(int word, int address, int count, int size) {
    if (stores(word)) {
      for (int i = 0; i < count; i++) {
        vectors.memory(X64Vectors.LOAD, i, place(register(word, i)));
      }
      if (count == 2) {
        permutations.zip(size, 0, 1, 4);
      } else {
        // First and third, second and fourth; then those.
        permutations.zip(size, 0, 2, 4);
        permutations.zip(size, 1, 3, 4);
        permutations.zip(size, 0, 1, 4);
        permutations.zip(size, 2, 3, 4);
      }
      for (int i = 0; i < count; i++) {
        vectors.indexed(X64Vectors.STORE, i, address, X64.RCX, 16 * i);
      }
    } else {
      for (int i = 0; i < count; i++) {
        vectors.indexed(X64Vectors.LOAD, i, address, X64.RCX, 16 * i);
      }
      permutations.unzip(size, 0, 1);
      if (count == 4) {
        permutations.unzip(size, 2, 3);
        permutations.unzip(size, 0, 2);
        permutations.unzip(size, 1, 3);
        // XMM0 has each fourth lane from the first on, XMM2 from the third, XMM1 from the second.
        store(0, register(word, 0));
        store(1, register(word, 1));
        store(2, register(word, 2));
        store(3, register(word, 3));
      } else {
        store(0, register(word, 0));
        store(1, register(word, 1));
      }
    }
  }

  private void store(int from, int register) {
    vectors.memory(X64Vectors.STORE, from, place(register));
  }

  /** Has one lane of each register loaded or stored. Returns the bytes of all. */
  private int lane(int word) {
    int scale = word >>> 14 & 3;
    int size = scale == 2 && (word & 1 << 10) != 0 ? LANE64 : scale;
    int lane = ((word >>> 30 & 1) << 3 | word >>> 10 & 7) >> size;
    int count = count(word);
    int address = check(word, count << size, size);
    for (int i = 0; i < count; i++) {
      int place = place(register(word, i));
      if (stores(word)) {
        vectors.loadElement(size, X64.RDX, place + (lane << size));
        code.storeIndexed(size, X64.RDX, address, X64.RCX, i << size);
      } else {
        vectors.memory(X64Vectors.LOAD, 0, place);
        code.loadIndexed(size, X64.RDX, address, X64.RCX, i << size);
        vectors.insert(size, 0, X64.RDX, lane);
        vectors.memory(X64Vectors.STORE, 0, place);
      }
    }
    return count << size;
  }
}
