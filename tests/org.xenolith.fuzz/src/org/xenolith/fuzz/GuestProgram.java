package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.hyp.api.Domain;

/** Code for {@link GuestPlace#PROGRAM}, made for one input. */
final class GuestProgram {
  private static final int ROOM = 0x8000;
  private static final int ADDRESS = 9;
  /** Loads and stores of register N at an address in x9; only the first ones have a syndrome that says which. */
  private static final String[] ACCESSES = {
      "ldr w%d, [x9]", "str w%d, [x9]", "ldr x%d, [x9]", "str x%d, [x9]", "ldrb w%d, [x9]", "strb w%d, [x9]", "ldrh w%d, [x9]",
      "strh w%d, [x9]", "ldrsb x%d, [x9]", "ldrsb w%d, [x9]", "ldrsh x%d, [x9]", "ldrsw x%d, [x9]", "ldar w%d, [x9]",
      "stlr w%d, [x9]", "ldtr w%d, [x9]", "ldur w%d, [x9, #1]", "stur w%d, [x9, #2]", "ldr w%d, [x9], #4", "str x%d, [x9, #8]!",
      "ldp x%d, x10, [x9]", "stp x%d, x10, [x9]", "ldxr w%d, [x9]", "stxr w11, w%d, [x9]", "dc zva, x9", "dc civac, x9",
      "ic ivau, x9", "at s1e1w, x9", "prfm pldl1keep, [x9]", "ldr q%d, [x9]", "str q%d, [x9]", "ldr d%d, [x9]", "br x9",
  };

  private final ByteBuffer code = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);

  /** Bytes that there is room for. */
  int left() {
    return code.remaining();
  }

  void word(int instruction) {
    code.putInt(instruction);
  }

  void add(String instruction) {
    code.putInt(Assembler.assemble(instruction));
  }

  /** A register gets a value. */
  void set(int register, long value) {
    add("movz x%d, #0x%x".formatted(register, value & 0xFFFF));
    for (int shift = 16; shift < 64; shift += 16) {
      long part = value >>> shift & 0xFFFF;
      if (part != 0) {
        add("movk x%d, #0x%x, lsl #%d".formatted(register, part, shift));
      }
    }
  }

  /** A load or store of a register at an address, in one of 32 forms: 0 to 7 are the plain ones of 4, 8, 1 and 2 bytes. */
  void access(int form, int register, long address) {
    set(ADDRESS, address);
    add(ACCESSES[form & 31].formatted(register));
  }

  /** Stores a value of 4 or 8 bytes. */
  void store(long address, int size, long value) {
    set(0, value);
    access(size == 8 ? 3 : 1, 0, address);
  }

  /** Then the code waits. */
  void place(Domain guest) {
    add("wfi");
    add("b #-4");
    guest.memory().write(GuestPlace.PROGRAM, code.array(), 0, code.position());
  }
}
