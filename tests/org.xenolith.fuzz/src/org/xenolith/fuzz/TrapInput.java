// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.stream.Stream;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.GuestMap;

/**
 * Instructions that trap, as an input has them, made into code at {@link GuestPlace#PROGRAM}. The first byte says which GIC the
 * board has. Then each step: its kind (bits 2:0), a general register 0 to 7 (bits 5:3), and what the kind takes.
 */
final class TrapInput {
  private static final int MOST_STEPS = 96;
  /** Windows of emulated devices, their neighbours, and memory. */
  private static final long[] PLACES = {
      GuestMap.GUEST_GICD_BASE, GuestMap.GUEST_GICV3_GICR0_BASE, GuestMap.GUEST_GICC_BASE, GuestMap.GUEST_PL011_BASE,
      GuestMap.GUEST_GICV3_GICR0_BASE + 0x10000, GuestMap.GUEST_GICV3_GICR0_BASE + 0x20000, GuestPlace.DATA,
      GuestPlace.RAM + ((long) GuestPlace.PAGES << 12) - 0x8000, GuestMap.GUEST_GNTTAB_BASE, 0, 0x0800_0000, 0x0900_0000,
      GuestMap.GUEST_GICD_BASE + 0x6000, GuestMap.GUEST_GICV3_GICR0_BASE + GuestMap.GUEST_GICV3_GICR0_SIZE - 0x8000L,
      1L << 40, -0x8000,
  };
  private static final int[] FUNCTIONS = {0x8400_0000, 0xC400_0000, 0x8000_0000, 0x8400_FF00, 0x8500_0000, 0x8500_FF00,
      0x8000_8000, 0x8000_3FF8, 0x8000_7FF8, 0x8600_0000};
  /** The GICv3 CPU interface, generic timers, and some that hypervisors trap: op0, op1, CRn, CRm, op2. */
  private static final int[] TRAPPED = {
      0xC660, 0xC661, 0xC65D, 0xC65E, 0xC65F, 0xC659, 0xC230, 0xC663, 0xC664, 0xC665, 0xC667, 0xC65B, 0xC662,
      0xC648, 0xDF00, 0xDF01, 0xDF02, 0xDF10, 0xDF11, 0xDF12, 0xDF18, 0xDF19, 0xDF1A, 0xC708, 0xC081, 0xC080,
      0x8084, 0x8012, 0xDCE0, 0xDCF0, 0xD000, 0xC4F1,
  };
  private static final int[] OTHERS = Stream.of("wfi", "wfe", "yield", "msr daifclr, #2", "msr daifset, #2", "isb", "dsb sy", "eret",
      "brk #0", "svc #0", "tlbi vmalle1", "sev").mapToInt(Assembler::assemble).toArray();

  private final InputBytes input;
  private final GuestProgram code = new GuestProgram();

  private TrapInput(byte[] bytes) {
    input = new InputBytes(bytes);
  }

  /** The GIC that an input is for. */
  static int gic(byte[] input) {
    return input.length > 0 && (input[0] & 1) != 0 ? 3 : 2;
  }

  /** @return the instructions that it is given */
  static long place(Domain guest, byte[] bytes) {
    TrapInput made = new TrapInput(bytes);
    made.input.next();
    for (int left = MOST_STEPS; left > 0 && !made.input.end(); left--) {
      made.step();
    }
    return made.code.place(guest);
  }

  private void step() {
    int kind = input.next();
    int register = kind >> 3 & 7;
    switch (kind & 7) {
      case 0 -> code.word(0xD500_0000 | systemRegister() << 5 | 1 << 21 | register);
      case 1 -> code.word(0xD500_0000 | systemRegister() << 5 | register);
      case 2, 3 -> access(register);
      case 4 -> firmware();
      case 5 -> code.word((int) input.next(4));
      case 6 -> code.set(register, GuestValues.of(input.next(), input, GuestPlace.DATA));
      default -> code.word(OTHERS[input.next() % OTHERS.length]);
    }
  }

  /** op0, op1, CRn, CRm, op2 in 16 bits: {@link #TRAPPED} by a first byte below 32, else two bytes, op0 2 or 3. */
  private int systemRegister() {
    int which = input.next();
    return which < TRAPPED.length ? TRAPPED[which] : 0x8000 | (which << 8 | input.next()) & 0xFFFF;
  }

  private void access(int register) {
    int which = input.next();
    int place = input.next();
    code.access(which, register, PLACES[place & 15] + ((place >> 4) * 0x800 & 0x7800) + (input.next() << 3 & 0x7FF) + (which >> 5 & 7));
  }

  private void firmware() {
    int how = input.next();
    int function = input.next();
    if ((how & 4) == 0) {
      code.set(0, FUNCTIONS[(function & 15) % FUNCTIONS.length] + (function >>> 4) & 0xFFFF_FFFFL);
    } else {
      code.set(0, function);
    }
    for (int i = 1; i < 4; i++) {
      code.set(i, GuestValues.of(input.next(), input, GuestPlace.DATA));
    }
    int immediate = (how & 8) != 0 ? input.next() : 0;
    code.word(0xD400_0000 | immediate << 5 | ((how & 1) == 0 ? 2 : 3));
  }
}
