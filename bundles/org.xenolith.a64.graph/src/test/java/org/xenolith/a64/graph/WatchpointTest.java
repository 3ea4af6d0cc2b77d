// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.graph.Debuggee.CODE;
import static org.xenolith.a64.graph.Debuggee.DATA;
import static org.xenolith.a64.graph.Debuggee.KDE;
import static org.xenolith.a64.graph.Debuggee.MDE;
import static org.xenolith.a64.graph.Debuggee.SVC;
import static org.xenolith.a64.graph.Debuggee.WATCHPOINT;
import static org.xenolith.a64.graph.Debuggee.WATCH_EL0;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;

/** Watchpoints: which accesses they match, and what they report. Source: Arm ARM DDI 0487, D2.9. */
class WatchpointTest {
  private static final long WRITE = 1 << 6;
  private static final long MAINTENANCE = 1 << 8;
  private static final long LOADS = 1 << 3;
  private static final long STORES = 2 << 3;
  private static final long BOTH = 3 << 3;
  private static final CpuConfig ATOMICS = CpuConfig.cortexA57(0).withLse(true);

  /** ESR_EL1.EC, then whether it is a write and maintenance, then FAR_EL1 relative to the data. */
  private static String report(String access, long value, long control) {
    Debuggee debuggee = new Debuggee(ATOMICS, access + "\n svc #0");
    debuggee.bench.enableMmu();
    // EL0 may access all of it, but its code, as EL1 has executed there, is in another block.
    for (int block = 0; block < 8; block++) {
      debuggee.bench.ram.write(0x2_1000 + block * 8, 8, (long) block << 21 | 0x741);
    }
    debuggee.set(SysReg.DBGWVR0_EL1, value);
    debuggee.set(SysReg.DBGWCR0_EL1, control);
    debuggee.set(SysReg.MDSCR_EL1, MDE);
    long syndrome = debuggee.go().untilException();
    if (syndrome >>> 26 != WATCHPOINT) {
      assertEquals(SVC, syndrome >>> 26, access);
      return "none";
    }
    assertEquals(0x22, syndrome & 0x3F);
    assertEquals(CODE, debuggee.get(SysReg.ELR_EL1), access);
    return ((syndrome & WRITE) != 0 ? "W" : "R") + ((syndrome & MAINTENANCE) != 0 ? "M" : "")
        + Long.toHexString(debuggee.get(SysReg.FAR_EL1) - DATA);
  }

  @Test
  void everyKindOfAccessIsSeen() {
    String[][] cases = {
        {"R0", "ldr x2, [x1]"}, {"W0", "str x2, [x1]"}, {"none", "ldr x2, [x1, #8]"}, {"none", "str x2, [x1, #-8]"}, {"R0",
            "ldur x2, [x1, #-7]"},
        {"W0", "stur w2, [x1, #-1]"}, {"R7", "ldrb w2, [x1, #7]"}, {"R0", "ldp x2, x3, [x1, #-8]"}, {"W0", "stp x2, x3, [x1, #-8]!"},
        {"R4", "ldpsw x2, x3, [x1, #4]"}, {"R0", "ldr q0, [x1]"}, {"R0", "ldur q0, [x1, #-8]"}, {"W0", "stp q0, q1, [x1, #-16]"},
        {"W0", "st1 {v0.16b, v1.16b}, [x1]"}, {"R0", "ld1 {v0.b}[3], [x1], #1"}, {"R2", "ldrh w2, [x1, #2]!"}, {"R0", "ldar x2, [x1]"},
        {"W0", "stlr x2, [x1]"}, {"R0", "ldxr x2, [x1]"}, {"R0", "ldaxp x2, x3, [x1]"}, {"R0", "ldadd x2, x3, [x1]"}, {"R0",
            "cas x2, x3, [x1]"},
        {"R0", "casp x2, x3, x4, x5, [x1]"}, {"W0", "dc zva, x1"}, {"none", "dc cvac, x1"}, {"none", "dc civac, x1"}, {"none",
            "dc cvau, x1"},
        {"none", "ic ivau, x1"}, {"none", "prfm pldl1keep, [x1]"}, {"none", "stxr w3, x2, [x1]"}, {"R0", "ldtr x2, [x1]"}, {"W4",
            "sttr w2, [x1, #4]"}};
    for (String[] each : cases) {
      assertEquals(each[0], report(each[1], DATA, WATCH_EL0), each[1]);
    }
    assertEquals("W20", report("dc zva, x1", DATA + 0x20, WATCH_EL0));
  }

  @Test
  void loadsAndStoresAreToldApart() {
    long either = WATCH_EL0 & ~BOTH;
    assertEquals("none", report("ldr x2, [x1]", DATA, either | STORES));
    assertEquals("R0", report("ldr x2, [x1]", DATA, either | LOADS));
    assertEquals("none", report("str x2, [x1]", DATA, either | LOADS));
    assertEquals("none", report("str x2, [x1]", DATA, either));
    assertEquals("W0", report("swp x2, x3, [x1]", DATA, either | STORES), "its load doesn't match");
  }

  @Test
  void crossingAPageIsSeenOnceAndAsAWhole() {
    assertEquals("W0", report("stur x2, [x1, #-3]", DATA, WATCH_EL0));
    assertEquals("Wffffffffffffffff", report("stur x2, [x1, #-3]", DATA - 8, 1L << 12 | BOTH | 2 << 1 | 1));
  }

  /** A model of its own: bytes one after the other, as the architecture's pseudocode goes. */
  @Test
  void bytesAndMasksSelectWhatTheySay() {
    Random random = new Random(7);
    int hits = 0;
    for (int i = 0; i < 600; i++) {
      int size = 1 << random.nextInt(4);
      int offset = random.nextInt(80) - 40;
      boolean write = random.nextBoolean();
      long value = DATA + (random.nextInt(16) - 8) * 4;
      int first = random.nextInt(8);
      int select = (1 << 1 + random.nextInt(8 - first)) - 1 << first;
      int mask = random.nextInt(3) != 0 ? 0 : 3 + random.nextInt(4);
      if (mask != 0) {
        select = 0xFF;
        value &= -1L << mask;
      } else if ((value & 4) != 0 && (select &= 15) == 0) {
        continue;
      }
      String register = size == 8 ? "x2" : "w2";
      String suffix = size == 1 ? "b" : size == 2 ? "h" : "";
      String expected = "none";
      for (int at = size - 1; at >= 0; at--) {
        long address = DATA + offset + at;
        boolean selected = mask != 0 ? address >>> mask == value >>> mask
            : (value & 4) != 0 ? address >>> 2 == value >>> 2 && (select >> (address & 3) & 1) != 0
            : address >>> 3 == value >>> 3 && (select >> (address & 7) & 1) != 0;
        if (selected) {
          expected = (write ? "W" : "R") + Long.toHexString(address - DATA);
        }
      }
      String access = (write ? "stur" : "ldur") + suffix + " " + register + ", [x1, #" + offset + "]";
      assertEquals(expected, report(access, value, (long) mask << 24 | (long) select << 5 | BOTH | 2 << 1 | 1),
          "%s, DBGWVR data%+d, BAS %x, mask %d".formatted(access, value - DATA, select, mask));
      hits += expected.equals("none") ? 0 : 1;
    }
    assertTrue(hits > 60, "hits: " + hits);
  }

  @Test
  void privilegeIsTheAccesssNotTheLevels() {
    for (String access : new String[] {"ldtr x2, [x1]", "ldr x2, [x1]"}) {
      for (int pac = 1; pac <= 3; pac++) {
        Bench bench = new Bench().start(0x8_0000, "msr daifclr, #8\n " + access + "\n hvc #0");
        bench.load(Bench.VECTORS + 0x200, "mrs x20, esr_el1\n hvc #0");
        bench.cpu.x[1] = DATA;
        bench.cpu.registers.write(SysReg.OSLAR_EL1.id, 0, 0);
        bench.cpu.registers.write(SysReg.DBGWVR1_EL1.id, 0, DATA);
        bench.cpu.registers.write(SysReg.DBGWCR1_EL1.id, 0, 0xFF << 5 | BOTH | pac << 1 | 1);
        bench.cpu.registers.write(SysReg.MDSCR_EL1.id, 0, MDE | KDE);
        bench.run(10);
        boolean matches = (pac & (access.startsWith("ldtr") ? 2 : 1)) != 0;
        assertEquals(matches ? WATCHPOINT + 1 : 0, bench.cpu.x[20] >>> 26, access + ", PAC " + pac);
      }
    }
  }

  @Test
  void invalidationReportsItsOperandAndThatItIsMaintenance() {
    Bench bench = new Bench().start(0x8_0000, "msr daifclr, #8\n dc ivac, x1\n hvc #0");
    bench.load(Bench.VECTORS + 0x200, "mrs x20, esr_el1\n mrs x21, far_el1\n hvc #0");
    bench.cpu.x[1] = DATA + 0x13;
    bench.cpu.registers.write(SysReg.OSLAR_EL1.id, 0, 0);
    bench.cpu.registers.write(SysReg.DBGWVR3_EL1.id, 0, DATA + 8);
    bench.cpu.registers.write(SysReg.DBGWCR3_EL1.id, 0, 0xFF << 5 | STORES | 1 << 1 | 1);
    bench.cpu.registers.write(SysReg.MDSCR_EL1.id, 0, MDE | KDE);
    bench.run(10);
    assertEquals(0xD600_0162L, bench.cpu.x[20]);
    assertEquals(DATA + 0x13, bench.cpu.x[21]);
  }

  @Test
  void nothingStaysOfItWhenItIsTakenAway() {
    Debuggee debuggee = new Debuggee("loop: ldr x2, [x1]\n str x2, [x1]\n svc #0\n b loop");
    debuggee.set(SysReg.DBGWVR0_EL1, DATA);
    debuggee.set(SysReg.MDSCR_EL1, MDE);
    for (int i = 0; i < 20; i++) {
      debuggee.set(SysReg.DBGWCR0_EL1, i % 2 == 0 ? WATCH_EL0 : 0);
      debuggee.set(SysReg.ELR_EL1, CODE);
      assertEquals(i % 2 == 0 ? WATCHPOINT : SVC, debuggee.go().untilException() >>> 26, "time " + i);
    }
  }
}
