// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Translation by a guest's tables that nested ones are under, against the rules of the AMD64 manual, volume 2, 15.25, written down a second time. */
class NestedPagingTest {
  /** Guest physical addresses of the guest's tables, one for each level from the top. */
  private static final long GUEST_TABLES = 0x10000;
  /** Machine addresses of the nested ones. */
  private static final int NESTED = 0x80000;
  private static final int PAGES = 128;
  private static final long EMULATED_PAGE = 0x7F000;
  private static final int ACCESSED = 1 << 5;
  private static final int DIRTY = 1 << 6;

  private enum Kind {
    LOAD, STORE, FETCH
  }

  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  private final QuietHost host = new QuietHost() {
    @Override
    public boolean emulates(Core ignored, long address) {
      return (address & -4096) == EMULATED_PAGE;
    }
  };
  private final long[] nested = new long[PAGES];
  private final long[] entries = new long[4];
  /** What a case counts as. */
  private final Map<String, Integer> outcomes = new HashMap<>();

  private long place(long guest) {
    return nested[(int) (guest >>> 12)] & 0xF_F000L | guest & 0xFFF;
  }

  private void tables(SplittableRandom random, long address) {
    machine.ram.fill(NESTED, 0x4000, (byte) 0);
    machine.ram.write(NESTED, 8, NESTED + 0x1000 | 7);
    machine.ram.write(NESTED + 0x1000, 8, NESTED + 0x2000 | 7);
    machine.ram.write(NESTED + 0x2000, 8, NESTED + 0x3000 | 7);
    int turn = random.nextInt(64);
    for (int page = 0; page < PAGES; page++) {
      long entry = (page ^ turn) << 12 | (random.nextInt(12) == 0 ? 0 : 1) | (random.nextInt(6) == 0 ? 0 : 2) | (random.nextInt(24) == 0 ? 0
          : 4)
          | (random.nextInt(4) == 0 ? BareCpu.NO_EXECUTE : 0);
      nested[page] = page == EMULATED_PAGE >>> 12 ? 0 : entry;
      machine.ram.write(NESTED + 0x3000 + page * 8, 8, nested[page]);
    }
    for (int level = 3; level >= 0; level--) {
      long next = level > 0 ? GUEST_TABLES + (4 - level) * 0x1000L : random.nextInt(8) == 0 ? EMULATED_PAGE : random.nextInt(PAGES) * 4096L;
      long entry = next | (random.nextInt(30) == 0 ? 0 : 1) | (random.nextInt(8) == 0 ? 0 : 2) | 4 | (random.nextBoolean() ? ACCESSED : 0)
          | (random.nextBoolean() && level == 0 ? DIRTY : 0);
      entries[3 - level] = entry;
      machine.ram.write((int) place(entryAt(level, address)), 8, entry);
    }
  }

  private static long entryAt(int level, long address) {
    return GUEST_TABLES + (3 - level) * 0x1000L + (address >>> 12 + 9 * level & 511) * 8;
  }

  /** What becomes of an access, as a text. */
  private String expected(long address, Kind kind) {
    boolean writable = true;
    for (int level = 3; level >= 0; level--) {
      long at = entryAt(level, address);
      String exit = exit(at, Kind.LOAD);
      if (exit != null) {
        return exit;
      }
      long entry = entries[3 - level];
      if ((entry & 1) == 0) {
        return "#PF";
      }
      writable &= (entry & 2) != 0;
      // The last entry is marked once the access is found to be allowed.
      exit = level > 0 && (entry & ACCESSED) == 0 ? exit(at, Kind.STORE) : null;
      if (exit != null) {
        return exit;
      }
    }
    if (kind == Kind.STORE && !writable) {
      return "#PF";
    }
    long leaf = entries[3];
    boolean marked = (leaf & ACCESSED) == 0 || kind == Kind.STORE && (leaf & DIRTY) == 0;
    String exit = marked ? exit(entryAt(0, address), Kind.STORE) : null;
    if (exit != null) {
      return exit;
    }
    long guest = leaf & 0xF_F000L | address & 0xFFF;
    if ((guest & -4096) == EMULATED_PAGE) {
      return "emulated " + Long.toHexString(guest);
    }
    exit = exit(guest, kind);
    return exit != null ? exit : "at " + Long.toHexString(place(guest));
  }

  private String exit(long guest, Kind kind) {
    long entry = nested[(int) (guest >>> 12)];
    boolean allowed = (entry & 5) == 5 && (kind != Kind.STORE || (entry & 2) != 0) && (kind != Kind.FETCH || entry >= 0);
    return allowed ? null : "exit " + Long.toHexString(guest & -4096) + (kind == Kind.STORE ? " write" : kind == Kind.FETCH ? " fetch"
        : "");
  }

  private String actual(long address, Kind kind) {
    try {
      long at = kind == Kind.FETCH ? cpu.mmu.code(address).frame | address & 0xFFF : cpu.mmu.physical(address, kind == Kind.STORE);
      return HostSoftware.emulated(at) ? "emulated " + Long.toHexString(at & ~HostSoftware.EMULATED) : "at " + Long.toHexString(at);
    } catch (CpuFault fault) {
      if (!cpu.host.exits()) {
        return "#PF";
      }
      cpu.host.exit();
      return host.exit;
    }
  }

  @Test
  void guestAndNestedTablesTogetherSayWhatAnAccessComesTo() {
    SplittableRandom random = new SplittableRandom(29);
    cpu.host.attach(host);
    for (int i = 0; i < 60_000; i++) {
      long address = random.nextLong() << 16 >> 16;
      machine.longMode();
      cpu.cr3 = GUEST_TABLES;
      tables(random, address);
      machine.level(0);
      cpu.host.nestedRoot(NESTED);
      for (int again = 0; again < 3; again++) {
        Kind kind = Kind.values()[random.nextInt(3)];
        String wanted = expected(address, kind);
        assertEquals(wanted, actual(address, kind), "case " + i + ", access " + again + ", a " + kind);
        outcomes.merge(wanted.split(" ")[0], 1, Integer::sum);
        for (int level = 0; level < 4; level++) {
          entries[3 - level] = machine.ram.read((int) place(entryAt(level, address)), 8);
        }
      }
      noted(i);
    }
    outcomes.forEach((outcome, times) -> assertTrue(times > 3_000, outcome + " came " + times + " times"));
    assertEquals(4, outcomes.size());
  }

  /** Nested entries have nothing new but A, and D where A is. */
  private void noted(int number) {
    for (int page = 0; page < PAGES; page++) {
      long now = machine.ram.read(NESTED + 0x3000 + page * 8, 8);
      long changed = now ^ nested[page];
      assertEquals(0, changed & ~(ACCESSED | DIRTY), "case " + number + ", page " + page);
      assertTrue((changed & DIRTY) == 0 || (changed & ACCESSED) != 0 && (now & 2) != 0, "case " + number + ", page " + page);
    }
  }

  @Test
  void withoutPagingNestedTablesAreUnderPhysicalAddresses() {
    cpu.host.attach(host);
    tables(new SplittableRandom(1), 0);
    cpu.host.nestedRoot(NESTED);
    for (int page = 0; page < PAGES; page++) {
      for (Kind kind : Kind.values()) {
        long guest = page * 4096L + 8;
        String wanted = guest >>> 12 == EMULATED_PAGE >>> 12 ? "emulated " + Long.toHexString(guest) : exit(guest, kind);
        assertEquals(wanted == null ? "at " + Long.toHexString(place(guest)) : wanted, actual(guest, kind), "page " + page + ", a " + kind);
      }
    }
  }

  @Test
  void whatTheMachineHasIsBackWithoutAHost() {
    cpu.host.attach(host);
    tables(new SplittableRandom(1), 0);
    cpu.host.nestedRoot(NESTED);
    cpu.host.detach();
    assertEquals("at 1008", actual(0x1008, Kind.STORE));
  }

  @Test
  void whatWasFoundBeforeStateWasRestoredIsForgotten() {
    cpu.host.attach(host);
    tables(new SplittableRandom(1), 0);
    cpu.host.nestedRoot(NESTED);
    machine.ram.write(NESTED + 0x3008, 8, 0x5007);
    assertEquals(0x5010, cpu.host.nested.translate(0x1010, false, false));
    machine.ram.write(NESTED + 0x3008, 8, 0x6007);
    cpu.restored();
    assertEquals(0x6010, cpu.host.nested.translate(0x1010, false, false));
  }

  @Test
  void aHypercallsOperandsAreMemoryAndNoDevice() {
    cpu.host.attach(host);
    tables(new SplittableRandom(1), 0);
    cpu.host.nestedRoot(NESTED);
    machine.ram.write(NESTED + 0x3028, 8, 0x6007);
    assertTrue(cpu.host.write(0x5ff0, new byte[] {1, 2, 3}, 0, 3));
    assertEquals(0x30201, machine.ram.read(0x6ff0, 4));
    assertFalse(cpu.host.write(EMULATED_PAGE + 0x20, new byte[8], 0, 8));
    assertFalse(cpu.host.read(EMULATED_PAGE + 0x20, new byte[8], 0, 8));
    assertEquals("", host.exit);
    // An instruction's own accesses reach the device.
    cpu.memory.write(EMULATED_PAGE + 0x20, 8, 0);
    assertEquals("write", host.exit);
  }
}
