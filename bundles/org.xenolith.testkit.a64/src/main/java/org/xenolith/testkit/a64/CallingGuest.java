// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;

/**
 * Makes a {@link RandomGuest} one of functions on many pages, which call those on later pages: some keep the address they return
 * to on the stack, some return behind the place they were called from, some have instructions that the engine has no code for.
 */
public final class CallingGuest implements RandomGuest.Shape {
  private static final int PAGES = 12;
  /** Words from one function of a page to the next. */
  private static final int APART = 64;
  /** STP X29, X30, [SP, #-16]! and LDP X29, X30, [SP], #16. */
  private static final int PUSH = 0xA9BF_7BFD;
  private static final int POP = 0xA8C1_7BFD;
  private static final int RET = 0xD65F_03C0;
  /** ADD X30, X30, #4. */
  private static final int SKIP = 0x9100_13DE;
  /** MSR TPIDR_EL0, X3 and CRC32X W1, W2, X3, which the interpreter executes. */
  private static final int[] INTERPRETED = {0xD51B_D043, 0x9AC3_4C41};
  private final TameGuest tame;
  private Ram ram;
  private Random random;
  private int at;

  /** @param covered see {@link TameGuest#TameGuest} */
  public CallingGuest(Predicate<Insn> covered) {
    tame = new TameGuest(covered);
  }

  @Override
  public void program(Ram newRam, Random newRandom) {
    tame.program(newRam, newRandom);
    ram = newRam;
    random = newRandom;
    for (int page = 0; page < PAGES; page++) {
      for (int function = 0; function < 1024 / APART; function++) {
        at = page * 1024 + function * APART;
        if (page == 0) {
          body(page, 0);
          emit(Insn.B.match() | -at & 0x3FF_FFFF);
        } else {
          function(page);
        }
      }
    }
  }

  private void emit(int word) {
    ram.write(at * 4, 4, word);
    at++;
  }

  private void function(int page) {
    boolean leaf = random.nextInt(3) == 0 || page == PAGES - 1;
    if (!leaf) {
      emit(PUSH);
    }
    body(page, leaf ? 100 : 3);
    if (!leaf) {
      emit(POP);
    }
    if (random.nextInt(6) == 0) {
      emit(SKIP);
    }
    emit(RET);
  }

  /** Up to 45 words. @param between instructions between calls, about; more than 40 for none */
  private void body(int page, int between) {
    int end = at + 8 + random.nextInt(30);
    while (at < end) {
      int kind = random.nextInt(between + 4);
      if (kind == 0 && between < 100) {
        call(page);
      } else if (random.nextInt(25) == 0) {
        emit(INTERPRETED[random.nextInt(2)]);
      } else {
        emit(tame.instruction(random));
      }
    }
  }

  private void call(int page) {
    int target = (page + 1 + random.nextInt(PAGES - page - 1)) * 1024 + random.nextInt(1024 / APART) * APART;
    if (random.nextInt(3) == 0) {
      // ADRP X19 and ADD X19, X19, and BLR.
      int pages = target / 1024 - at / 1024;
      emit(0x9000_0013 | (pages & 3) << 29 | pages >> 2 << 5);
      emit(0x9100_0273 | (target % 1024 * 4) << 10);
      emit(Insn.BLR.match() | 19 << 5);
    } else {
      emit(Insn.BL.match() | target - at & 0x3FF_FFFF);
    }
    // Some functions return behind it.
    emit(tame.instruction(random));
  }

  @Override
  public boolean ownTables() {
    return true;
  }

  @Override
  public void registers(Cpu cpu, Random newRandom) {
    tame.registers(cpu, newRandom);
    cpu.sp[1] = cpu.sp[1] & -16;
    cpu.restored();
  }
}
