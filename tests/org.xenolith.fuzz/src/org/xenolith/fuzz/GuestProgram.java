// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.hyp.api.Domain;

/** Code for {@link GuestPlace#PROGRAM}, made for one input. */
final class GuestProgram {
  private static final int ROOM = 0x8000;
  private static final int ADDRESS = 9;
  private static final int REGISTERS = 8;
  /** Loads and stores of register N at an address in x9; only the first ones have a syndrome that says which. */
  private static final String[] ACCESSES = {
      "ldr w%d, [x9]", "str w%d, [x9]", "ldr x%d, [x9]", "str x%d, [x9]", "ldrb w%d, [x9]", "strb w%d, [x9]", "ldrh w%d, [x9]",
      "strh w%d, [x9]", "ldrsb x%d, [x9]", "ldrsb w%d, [x9]", "ldrsh x%d, [x9]", "ldrsw x%d, [x9]", "ldar w%d, [x9]",
      "stlr w%d, [x9]", "ldtr w%d, [x9]", "ldur w%d, [x9, #1]", "stur w%d, [x9, #2]", "ldr w%d, [x9], #4", "str x%d, [x9, #8]!",
      "ldp x%d, x10, [x9]", "stp x%d, x10, [x9]", "ldxr w%d, [x9]", "stxr w11, w%d, [x9]", "dc zva, x9", "dc civac, x9",
      "ic ivau, x9", "at s1e1w, x9", "prfm pldl1keep, [x9]", "ldr q%d, [x9]", "str q%d, [x9]", "ldr d%d, [x9]", "br x9",
  };

  /** The same, assembled once: form, register. */
  private static final int[][] FORMS = Arrays.stream(ACCESSES).map(access -> IntStream.range(0, REGISTERS)
      .map(register -> Assembler.assemble(access.formatted(register))).toArray()).toArray(int[][]::new);
  private static final int MOVZ = 0xD280_0000;
  private static final int MOVK = 0xF280_0000;
  private static final int WFI = Assembler.assemble("wfi");
  private static final int BACK = Assembler.assemble("b #-4");

  /** Instructions of {@link GuestCode#PROGRAM}, with room for interrupts. */
  private static final int START = 256;
  /** An instruction that the guest's own handler leaves out ({@link GuestCode#VECTORS}), and that handler's. */
  private static final int EXCEPTION = 10;

  private final ByteBuffer code = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);

  /** Bytes that there is room for. */
  int left() {
    return code.remaining();
  }

  void word(int instruction) {
    code.putInt(instruction);
  }

  /** A register gets a value. */
  void set(int register, long value) {
    word(MOVZ | (int) (value & 0xFFFF) << 5 | register);
    for (int half = 1; half < 4; half++) {
      int part = (int) (value >>> 16 * half) & 0xFFFF;
      if (part != 0) {
        word(MOVK | half << 21 | part << 5 | register);
      }
    }
  }

  /** A load or store of a register (0 to 7) at an address, in one of 32 forms: 0 to 7 are the plain ones of 4, 8, 1 and 2 bytes. */
  void access(int form, int register, long address) {
    set(ADDRESS, address);
    word(FORMS[form & 31][register]);
  }

  /** Stores a value of 4 or 8 bytes. */
  void store(long address, int size, long value) {
    set(0, value);
    access(size == 8 ? 3 : 1, 0, address);
  }

  /**
   * Then the code waits.
   *
   * @return how many instructions it takes at most, if it doesn't go round: each of its own, and as many for the exception it takes
   */
  long place(Domain guest) {
    word(WFI);
    word(BACK);
    guest.memory().write(GuestPlace.PROGRAM, code.array(), 0, code.position());
    return START + (long) EXCEPTION * code.position() / Integer.BYTES;
  }
}
