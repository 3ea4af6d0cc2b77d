// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What engines find inline is what the TLB has: an access that they may do by a tag would be done without a walk, at the same place (Intel SDM volume 3, 5.10). */
class DerivedEntriesTest {
  private static final int TABLE = 0x4000;
  /** Pages that are accessed, from the first on. */
  private static final int FIRST = 0x40;
  private static final int PAGES = 48;
  private static final int STEPS = 20_000;
  private static final long GLOBAL = 1 << 8;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long KEEP = 1L << 63;

  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  private final SplittableRandom random = new SplittableRandom(19);
  private int loads;
  private int stores;
  private int fetches;
  private int devices;

  private static int place(int page) {
    return TABLE + page * 8;
  }

  private int page() {
    return FIRST + random.nextInt(PAGES);
  }

  private void map(int page) {
    if (random.nextInt(3) == 0) {
      machine.ram.write(place(page), 8, machine.ram.read(place(page), 8) ^ GLOBAL);
      return;
    }
    long frame = (random.nextInt(8) == 0 ? 1 << 20 : 0) + (FIRST + random.nextInt(PAGES) << 12);
    long entry = frame | BareCpu.PRESENT | (random.nextInt(4) == 0 ? 0 : BareCpu.WRITE) | (random.nextBoolean() ? GLOBAL : 0)
        | (random.nextInt(4) == 0 ? BareCpu.NO_EXECUTE : 0) | (long) random.nextInt(4) << 59 | (random.nextInt(3) == 0 ? BareCpu.USER : 0);
    machine.ram.write(place(page), 8, entry);
  }

  private void access(int page) {
    try {
      switch (random.nextInt(4)) {
        case 0 -> cpu.mmu.translate(page << 12, false);
        case 1 -> cpu.mmu.translate(page << 12, true);
        case 2 -> cpu.mmu.physical(page << 12, random.nextBoolean());
        default -> cpu.mmu.code(page << 12);
      }
    } catch (CpuFault fault) {
      // It isn't allowed.
    }
  }

  private void step() {
    switch (random.nextInt(28)) {
      case 0 -> cpu.controls.write(3, BareCpu.TABLES | random.nextInt(3) | (random.nextBoolean() ? KEEP : 0));
      case 1 -> cpu.mmu.invalidate((long) page() << 12);
      case 2 -> cpu.mmu.invalidate(random.nextInt(2), random.nextInt(3), (long) page() << 12);
      case 3 -> cpu.setFlags(random.nextBoolean() ? FlagBits.AC : 0, FlagBits.AC);
      case 4 -> cpu.controls.write(4, cpu.cr4 ^ (random.nextInt(8) == 0 ? ControlBits.PGE : 0));
      case 5 -> {
        if (random.nextInt(8) == 0) {
          cpu.mmu.invalidate(2 + random.nextInt(2), 0, 0);
        }
      }
      case 6, 7, 8, 9 -> map(page());
      case 10 -> mark(page() << 12);
      case 11 -> cpu.mmu.userKeys(keys());
      case 12 -> cpu.mmu.supervisorKeys(keys());
      case 14 -> cpu.controls.write(0, cpu.cr0 ^ (random.nextInt(4) == 0 ? ControlBits.WP : 0));
      case 13 -> cpu.controls.write(4, cpu.cr4 ^ (random.nextInt(8) == 0 ? random.nextBoolean() ? ControlBits.PKE : ControlBits.PKS : 0));
      default -> access(page());
    }
  }

  /** Mostly everything is allowed. */
  private int keys() {
    return random.nextInt(4) == 0 ? random.nextInt() & random.nextInt() & 0xFF : 0;
  }

  /** An engine holds a page's code from now on, or somebody has written there. */
  private void mark(int frame) {
    if (machine.ram.isCode(frame)) {
      machine.ram.wrote(frame, 1);
    } else {
      machine.ram.markCode(frame);
      cpu.mmu.codeMarked(frame);
    }
  }

  /** The entry is what it was, so that a walk is seen: it sets flags. */
  private boolean walks(int page, Runnable access) {
    long before = machine.ram.read(place(page), 8);
    machine.ram.write(place(page), 8, before & ~(ACCESSED | DIRTY));
    access.run();
    boolean walked = machine.ram.read(place(page), 8) != (before & ~(ACCESSED | DIRTY));
    machine.ram.write(place(page), 8, before);
    return walked;
  }

  private void check(int page) {
    long address = (long) page << 12;
    TlbEntry entry = cpu.data[Mmu.index(address)];
    long tag = address | cpu.context;
    long frame = entry.frame;
    if (entry.read == tag || entry.isBus(false, tag)) {
      loads += entry.read == tag ? 1 : 0;
      devices += entry.read == tag ? 0 : 1;
      assertTrue(!walks(page, () -> assertEquals(frame, cpu.mmu.physical(address, false))), "a load");
    }
    if (entry.write == tag || entry.isBus(true, tag)) {
      stores++;
      assertTrue(entry.write != tag || !machine.ram.isCode((int) frame), "a store to code");
      assertTrue(!walks(page, () -> assertEquals(frame, cpu.mmu.physical(address, true))), "a store");
    }
    CodeEntry code = cpu.code[Mmu.index(address)];
    if (code.tag == (address | cpu.codeContext)) {
      fetches++;
      assertTrue(!walks(page, () -> assertEquals(code.frame, cpu.mmu.code(address).frame)), "a fetch");
    }
  }

  @Test
  void whatIsInlineIsInTheTlb() {
    machine.longMode();
    cpu.controls.write(4, cpu.cr4 | ControlBits.PGE | ControlBits.PCIDE | ControlBits.SMAP | ControlBits.SMEP);
    for (int page = FIRST; page < FIRST + PAGES; page++) {
      map(page);
    }
    for (int i = 0; i < STEPS; i++) {
      step();
      for (int page = FIRST; page < FIRST + PAGES; page++) {
        check(page);
      }
    }
    assertTrue(loads > STEPS && stores > STEPS / 2 && fetches > STEPS && devices > STEPS / 4, loads + " " + stores + " " + fetches + " "
        + devices);
  }
}
