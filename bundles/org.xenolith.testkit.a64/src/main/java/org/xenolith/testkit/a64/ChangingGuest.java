// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;

/**
 * Makes a {@link RandomGuest} one that changes under its own feet: it writes to its instructions, ahead and behind; moves pages of code in its tables, with
 * and without invalidating what the TLBs have; changes its ASID and, by a hypervisor below it, its VMID; drops to EL0 and comes back by exceptions.
 * Code is mapped read-only, and all memory a second time for writing.
 */
public final class ChangingGuest implements RandomGuest.Shape {
  private static final int RAM = 0x4000_0000;
  /** From an address to the one at which it is written. */
  private static final int ALIAS = 1 << 20;
  private static final int PAGES = 16;
  /** Changes in a page of code. */
  private static final int CHANGES = 10;
  private static final int LEVEL1 = 0x3_6000;
  private static final int LEVEL2 = 0x3_7000;
  private static final int LEVEL3 = 0x3_8000;
  private static final int STAGE2 = 0x3_9000;
  /** Words that are written as instructions, descriptors and TTBRs: so many of each. */
  private static final int POOL = 64;
  private static final int WORDS = 0x3_A000;
  private static final int DESCRIPTORS = WORDS + 8 * POOL;
  private static final int BASES = DESCRIPTORS + 8 * POOL;
  private static final int VECTORS = 0xF_0000;
  private static final int VECTORS2 = 0xF_1000;
  private static final int CODE_RIGHTS = 0x7C3;
  private static final int DATA_RIGHTS = 0x743;
  private static final int NOT_GLOBAL = 1 << 11;
  private static final String[] INVALIDATIONS = {"tlbi vae1, x18", "tlbi vaae1, x18", "tlbi vmalle1", "tlbi aside1, x18",
      "tlbi vale1is, x18",
      "nop"};
  /** Returns behind what faulted; to EL1 if it was an SVC. */
  private static final String LOWER = """
      mrs x18, elr_el1
      add x18, x18, #4
      msr elr_el1, x18
      mrs x18, esr_el1
      lsr x18, x18, #26
      subs xzr, x18, #0x15
      b.ne back
      movz x18, #0x3c5
      msr spsr_el1, x18
      back:
      eret
      """;
  private static final String SKIP = """
      mrs x18, elr_el%1$d
      add x18, x18, #4
      msr elr_el%1$d, x18
      eret
      """;
  private static final String MASK = """
      mrs x18, spsr_el%1$d
      orr x18, x18, #0x3c0
      msr spsr_el%1$d, x18
      eret
      """;
  /** Another virtual machine with the same memory. */
  private static final String OTHER_MACHINE = """
      mrs x18, vttbr_el2
      eor x18, x18, #0x1000000000000
      msr vttbr_el2, x18
      """;

  private final TameGuest tame;
  private Ram ram;
  private Random random;

  /** @param covered see {@link TameGuest#TameGuest} */
  public ChangingGuest(Predicate<Insn> covered) {
    tame = new TameGuest(covered);
  }

  @Override
  public boolean ownTables() {
    return true;
  }

  @Override
  public void program(Ram newRam, Random newRandom) {
    tame.program(newRam, newRandom);
    ram = newRam;
    random = newRandom;
    for (int page = 0; page < PAGES; page++) {
      for (int i = 0; i < CHANGES; i++) {
        int at = page << 12 | 4 * (random.nextInt(95) + 100 * i + 5);
        write(at, change(at));
      }
    }
    for (int i = 0; i < POOL; i++) {
      ram.write(WORDS + 8 * i, 8, tame.instruction(random) & 0xFFFF_FFFFL);
      ram.write(DESCRIPTORS + 8 * i, 8, random.nextInt(12) == 0 ? 0 : RAM + (random.nextInt(PAGES) << 12) | CODE_RIGHTS | (random
          .nextBoolean() ? NOT_GLOBAL : 0));
      ram.write(BASES + 8 * i, 8, RAM + LEVEL1 | (long) random.nextInt(4) << 48);
    }
    for (int base : new int[] {VECTORS, VECTORS2}) {
      int level = base == VECTORS ? 1 : 2;
      for (int vector = 0; vector < 0x800; vector += 0x80) {
        boolean synchronous = (vector & 0x180) == 0;
        write(base + vector, !synchronous ? MASK.formatted(level) : level == 2 ? OTHER_MACHINE + SKIP.formatted(level)
            : vector == 0x400 ? LOWER : SKIP.formatted(level));
      }
    }
  }

  private void write(int at, String text) {
    byte[] bytes = Assembler.program(RAM + at, text).bytes();
    ram.write(at, bytes, 0, bytes.length);
  }

  private static String address(int register, int value) {
    return "movz x%d, #0x%x%nmovk x%d, #0x%x, lsl #16%n".formatted(register, value & 0xFFFF, register, value >>> 16);
  }

  /** Loads one of a pool into X16. */
  private String from(int pool) {
    return address(16, RAM + pool + 8 * random.nextInt(POOL)) + "ldr x16, [x16]\n";
  }

  private String change(int at) {
    int page = random.nextInt(PAGES);
    int place = page << 12 | 4 * random.nextInt(1000);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        int target = random.nextInt(4) == 0 ? place : Math.clamp(at + 4 * (random.nextInt(80) - 30), at & -4096, at | 0xFFC);
        yield from(WORDS) + address(17, RAM + ALIAS + target) + "str w16, [x17]\n" + (random.nextBoolean() ? "isb\n" : "");
      }
      case 3, 4 -> from(DESCRIPTORS) + address(17, RAM + ALIAS + LEVEL3 + 8 * page) + "str x16, [x17]\ndsb sy\n" + address(18, RAM + (page
          << 12) >>> 12) + INVALIDATIONS[random.nextInt(INVALIDATIONS.length)] + "\nisb\n";
      case 5 -> from(BASES) + "msr ttbr0_el1, x16\nisb\n";
      case 6 -> address(17, RAM + place) + "msr elr_el1, x17\nmsr spsr_el1, xzr\neret\n";
      case 7 -> "svc #0\n";
      case 8 -> random.nextBoolean() ? "hvc #0\n" : "svc #1\n";
      default -> address(19, RAM + place) + "br x19\n";
    };
  }

  @Override
  public void registers(Cpu cpu, Random newRandom) {
    tame.registers(cpu, newRandom);
    ram.write(LEVEL1 + 8, 8, RAM + LEVEL2 | 3);
    ram.write(LEVEL2, 8, RAM + LEVEL3 | 3);
    for (int page = 0; page < 256; page++) {
      boolean data = page >= LEVEL3 >> 12 && page < VECTORS >> 12;
      ram.write(LEVEL3 + 8 * page, 8, RAM + (page << 12) | (data ? DATA_RIGHTS : CODE_RIGHTS));
      ram.write(LEVEL3 + 8 * (page + 256), 8, RAM + (page << 12) | DATA_RIGHTS);
    }
    // Of stage 2 all is one block.
    ram.write(STAGE2 + 8, 8, RAM | 0x7FD);
    boolean machines = cpu.config.el2() && newRandom.nextBoolean();
    cpu.sys[SysReg.HCR_EL2.ordinal()] = 0x8000_0000L | (machines ? 1 : 0);
    cpu.sys[SysReg.VTTBR_EL2.ordinal()] = RAM + STAGE2 | 1L << 48;
    cpu.sys[SysReg.VTCR_EL2.ordinal()] = 0x8002_3559L;
    cpu.sys[SysReg.SCTLR_EL2.ordinal()] = SysReg.SCTLR_EL2.reset;
    cpu.sys[SysReg.VBAR_EL2.ordinal()] = RAM + VECTORS2;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + LEVEL1;
    cpu.sys[SysReg.TTBR1_EL1.ordinal()] = RAM + LEVEL1;
    // Exceptions leave PAN alone: data is EL0's, too.
    cpu.sys[SysReg.SCTLR_EL1.ordinal()] |= 1 << 23 | 1 << 26 | 1 << 14;
    cpu.pan = 0;
    cpu.restored();
  }
}
