// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.graph.Debuggee.BREAKPOINT;
import static org.xenolith.a64.graph.Debuggee.BREAK_EL0;
import static org.xenolith.a64.graph.Debuggee.CODE;
import static org.xenolith.a64.graph.Debuggee.DATA;
import static org.xenolith.a64.graph.Debuggee.KDE;
import static org.xenolith.a64.graph.Debuggee.MDE;
import static org.xenolith.a64.graph.Debuggee.PSTATE_SS;
import static org.xenolith.a64.graph.Debuggee.SS;
import static org.xenolith.a64.graph.Debuggee.STEP;
import static org.xenolith.a64.graph.Debuggee.SVC;
import static org.xenolith.a64.graph.Debuggee.WATCHPOINT;
import static org.xenolith.a64.graph.Debuggee.WATCH_EL0;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;

/** Breakpoints, linked ones and those that compare contexts. Source: Arm ARM DDI 0487, D2.8. */
class BreakpointTest {
  private static final String LOOP = """
      mov x2, #3
      loop: add x3, x3, #1
      subs x2, x2, #1
      b.ne loop
      svc #0
      """;
  /** DBGBCR.BT. */
  private static final long ADDRESS_LINKED = 1 << 20;
  private static final long CONTEXT = 2 << 20;
  private static final long CONTEXT_LINKED = 3 << 20;
  private static final long VMID_LINKED = 9 << 20;
  private static final long VMID_AND_CONTEXT = 10 << 20;

  /** Where breakpoints hit up to SVC, each stepped over as a debugger does. */
  private static List<Long> hits(Debuggee debuggee, int piece) {
    List<Long> hits = new ArrayList<>();
    debuggee.set(SysReg.MDSCR_EL1, MDE);
    for (;;) {
      debuggee.go();
      long exceptionClass = debuggee.untilException(piece);
      if (exceptionClass == SVC) {
        return hits;
      }
      if (exceptionClass == BREAKPOINT) {
        assertEquals(0xC200_0022L, debuggee.get(SysReg.ESR_EL1));
        hits.add(debuggee.get(SysReg.ELR_EL1) - CODE);
        debuggee.set(SysReg.MDSCR_EL1, SS);
        debuggee.set(SysReg.SPSR_EL1, debuggee.get(SysReg.SPSR_EL1) | PSTATE_SS);
      } else {
        assertEquals(STEP, exceptionClass);
        debuggee.set(SysReg.MDSCR_EL1, MDE);
      }
    }
  }

  private static List<Long> hits(Debuggee debuggee) {
    return hits(debuggee, 1);
  }

  @Test
  void breakpointsAreHitWheneverTheProgramComesBy() {
    for (int piece : new int[] {1, 3, 1000}) {
      Debuggee debuggee = new Debuggee(LOOP);
      debuggee.set(SysReg.DBGBVR0_EL1, CODE + 4);
      debuggee.set(SysReg.DBGBCR0_EL1, BREAK_EL0);
      debuggee.set(SysReg.DBGBVR5_EL1, CODE + 16);
      debuggee.set(SysReg.DBGBCR5_EL1, BREAK_EL0);
      assertEquals(List.of(4L, 4L, 4L, 16L), hits(debuggee, piece), "runs of " + piece);
      assertEquals(6, debuggee.cpu.x[3]);
    }
  }

  @Test
  void notEnabledNotMonitoredOrLockedTheyDoNotMatch() {
    for (int i = 0; i < 4; i++) {
      Debuggee debuggee = new Debuggee(LOOP);
      debuggee.set(SysReg.DBGBVR0_EL1, CODE + 4);
      debuggee.set(SysReg.DBGBCR0_EL1, BREAK_EL0 & (i == 0 ? ~1L : i == 1 ? ~(2L << 1) | 1 << 1 : -1));
      debuggee.set(SysReg.MDSCR_EL1, i == 2 ? KDE : MDE);
      if (i == 3) {
        debuggee.set(SysReg.OSLAR_EL1, 1);
      }
      assertEquals(SVC, debuggee.go().untilException() >>> 26, "case " + i);
    }
  }

  @Test
  void addressesThatCannotBeFetchedAbortFirst() {
    Debuggee debuggee = new Debuggee("br x5");
    debuggee.cpu.x[5] = 0x9000_0000L;
    debuggee.set(SysReg.DBGBVR0_EL1, 0x9000_0000L);
    debuggee.set(SysReg.DBGBCR0_EL1, BREAK_EL0);
    debuggee.set(SysReg.MDSCR_EL1, MDE);
    assertEquals(0x20, debuggee.go().untilException() >>> 26);
  }

  @Test
  void contextBreakpointMatchesEveryInstructionOfIts() {
    for (SysReg[] pair : new SysReg[][] {{SysReg.DBGBVR4_EL1, SysReg.DBGBCR4_EL1}, {SysReg.DBGBVR3_EL1, SysReg.DBGBCR3_EL1}}) {
      Debuggee debuggee = new Debuggee("nop\n nop\n svc #0");
      debuggee.set(SysReg.CONTEXTIDR_EL1, 42);
      debuggee.set(pair[0], 42);
      debuggee.set(pair[1], BREAK_EL0 | CONTEXT);
      assertEquals(pair[0] == SysReg.DBGBVR4_EL1 ? List.of(0L, 4L, 8L) : List.of(), hits(debuggee), "only the last two compare contexts");
    }
    Debuggee other = new Debuggee("nop\n nop\n svc #0");
    other.set(SysReg.CONTEXTIDR_EL1, 43);
    other.set(SysReg.DBGBVR4_EL1, 42);
    other.set(SysReg.DBGBCR4_EL1, BREAK_EL0 | CONTEXT);
    assertEquals(List.of(), hits(other));
  }

  @Test
  void linkedBreakpointsAndWatchpointsMatchInTheirContextOnly() {
    for (int context = 42; context <= 43; context++) {
      Debuggee debuggee = new Debuggee(LOOP);
      debuggee.set(SysReg.CONTEXTIDR_EL1, context);
      debuggee.set(SysReg.DBGBVR5_EL1, 42);
      debuggee.set(SysReg.DBGBCR5_EL1, BREAK_EL0 | CONTEXT_LINKED);
      debuggee.set(SysReg.DBGBVR1_EL1, CODE + 8);
      debuggee.set(SysReg.DBGBCR1_EL1, BREAK_EL0 | ADDRESS_LINKED | 5 << 16);
      assertEquals(context == 42 ? List.of(8L, 8L, 8L) : List.of(), hits(debuggee), "a linked context alone never matches");
      Debuggee watched = new Debuggee("ldr x2, [x1]\n svc #0");
      watched.set(SysReg.CONTEXTIDR_EL1, context);
      watched.set(SysReg.DBGBVR5_EL1, 42);
      watched.set(SysReg.DBGBCR5_EL1, BREAK_EL0 | CONTEXT_LINKED);
      watched.set(SysReg.DBGWVR2_EL1, DATA);
      watched.set(SysReg.DBGWCR2_EL1, WATCH_EL0 | 1 << 20 | 5 << 16);
      watched.set(SysReg.MDSCR_EL1, MDE);
      assertEquals(context == 42 ? WATCHPOINT : SVC, watched.go().untilException() >>> 26);
    }
    for (long target : new long[] {0, 3, 4, 9}) {
      Debuggee debuggee = new Debuggee(LOOP);
      debuggee.set(SysReg.DBGBVR1_EL1, CODE + 8);
      debuggee.set(SysReg.DBGBCR1_EL1, BREAK_EL0 | ADDRESS_LINKED | target << 16);
      assertEquals(List.of(), hits(debuggee), "linked to what isn't a linked context");
    }
  }

  @Test
  void guestsAreToldApartByTheirVmids() {
    for (int vmid = 7; vmid <= 8; vmid++) {
      for (boolean linked : new boolean[] {true, false}) {
        Debuggee debuggee = new Debuggee(CpuConfig.cortexA57(0).withLevels(true, false), "nop\n svc #0");
        // Powered on at EL2: EL1 is entered as by a hypervisor.
        debuggee.cpu.sys[SysReg.HCR_EL2.ordinal()] |= 1L << 31;
        debuggee.cpu.sys[SysReg.VTTBR_EL2.ordinal()] = (long) vmid << 48;
        debuggee.cpu.sys[SysReg.ELR_EL2.ordinal()] = CODE;
        debuggee.cpu.sys[SysReg.SPSR_EL2.ordinal()] = 0;
        debuggee.set(SysReg.CONTEXTIDR_EL1, 5);
        debuggee.set(SysReg.DBGBVR4_EL1, 7L << 32 | 5);
        debuggee.set(SysReg.DBGBCR4_EL1, BREAK_EL0 | (linked ? VMID_LINKED : VMID_AND_CONTEXT));
        debuggee.set(SysReg.DBGBVR0_EL1, CODE);
        debuggee.set(SysReg.DBGBCR0_EL1, linked ? BREAK_EL0 | ADDRESS_LINKED | 4 << 16 : 0);
        debuggee.set(SysReg.MDSCR_EL1, MDE);
        debuggee.go();
        assertEquals(vmid == 7 ? BREAKPOINT : SVC, debuggee.untilException(1));
      }
    }
  }

  @Test
  void stepComesBeforeABreakpoint() {
    Debuggee debuggee = new Debuggee(LOOP);
    debuggee.set(SysReg.DBGBVR0_EL1, CODE + 4);
    debuggee.set(SysReg.DBGBCR0_EL1, BREAK_EL0);
    debuggee.set(SysReg.MDSCR_EL1, MDE | SS);
    debuggee.set(SysReg.SPSR_EL1, PSTATE_SS);
    assertEquals(STEP, debuggee.go().untilException() >>> 26);
    debuggee.set(SysReg.SPSR_EL1, PSTATE_SS);
    assertEquals(BREAKPOINT, debuggee.go().untilException() >>> 26);
    assertEquals(CODE + 4, debuggee.get(SysReg.ELR_EL1));
    assertTrue((debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS) != 0, "it is still to be stepped");
  }
}
