// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.graph.Debuggee.CODE;
import static org.xenolith.a64.graph.Debuggee.KDE;
import static org.xenolith.a64.graph.Debuggee.PSTATE_SS;
import static org.xenolith.a64.graph.Debuggee.SS;
import static org.xenolith.a64.graph.Debuggee.STEP;
import static org.xenolith.a64.graph.Debuggee.SVC;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.arm.api.ArmCpu.Signal;

/** Software step, by the states of Arm ARM DDI 0487, D2.12. */
class SoftwareStepTest {
  /** ESR_EL1 of a step from EL0: IL, ISV, IFSC. */
  private static final long STEPPED = 0xCB00_0022L;
  private static final long NOT_STEPPED = 0xCA00_0022L;
  private static final long EXCLUSIVE = 1 << 6;
  private static final long BRK = 0x3C;

  private static final String PROGRAM = """
      mov x2, #7
      loop: ldr x3, [x1]
      add x3, x3, x2
      str x3, [x1], #8
      bl sub
      subs x2, x2, #1
      b.ne loop
      svc #1
      tbz x2, #0, on
      nop
      on: mrs x4, tpidr_el0
      wfi
      wfe
      yield
      ldp q0, q1, [x1]
      svc #2
      sub: add x9, x9, #1
      ret
      """;

  /** What is at EL0, by executing one instruction after the other without a debugger. */
  private static List<Long> trace(String program) {
    Debuggee free = new Debuggee(program);
    free.set(SysReg.SPSR_EL1, 0x80);
    // It would end a wait, were it unmasked.
    free.cpu.signal(Signal.IRQ, true);
    free.go();
    List<Long> trace = new ArrayList<>();
    for (;;) {
      if (free.cpu.el == 1) {
        if ((free.get(SysReg.ESR_EL1) & 0xFFFF) == 2) {
          return trace;
        }
        free.go();
      }
      trace.add(free.cpu.pc);
      free.bench.engine.run(1);
    }
  }

  /** The same under a debugger that steps. */
  private static List<Long> stepped(String program, int piece) {
    Debuggee debuggee = new Debuggee(program);
    debuggee.set(SysReg.MDSCR_EL1, SS);
    debuggee.set(SysReg.SPSR_EL1, PSTATE_SS | 0x80);
    List<Long> trace = new ArrayList<>(List.of(CODE));
    for (;;) {
      debuggee.go();
      long exceptionClass = debuggee.untilException(piece);
      if (exceptionClass == STEP) {
        trace.add(debuggee.get(SysReg.ELR_EL1));
        assertEquals(0, debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS);
        debuggee.set(SysReg.SPSR_EL1, debuggee.get(SysReg.SPSR_EL1) | PSTATE_SS);
      } else {
        assertEquals(SVC, exceptionClass);
        assertEquals(0, debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS, "it was executed");
        if ((debuggee.get(SysReg.ESR_EL1) & 0xFFFF) == 2) {
          return trace;
        }
      }
    }
  }

  @Test
  void steppingGoesTheWayThatTheProgramGoes() {
    List<Long> expected = trace(PROGRAM);
    assertTrue(expected.size() > 60, expected::toString);
    for (int piece : new int[] {1, 2, 3, 1000}) {
      assertEquals(expected, stepped(PROGRAM, piece), "runs of " + piece);
    }
  }

  @Test
  void steppingGoesTheWayOfRandomProgramsAndChangesTheSame() {
    String[] forms = {"add x%d, x%d, #3", "sub x%d, x%d, #1", "eor x%d, x%d, x5", "cmp x%d, #4\n csel x%d, x3, x4, ne"};
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      StringBuilder program = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        int a = 2 + random.nextInt(8);
        int b = 2 + random.nextInt(8);
        program.append("l").append(i).append(": ");
        switch (random.nextInt(6)) {
          case 0 -> program.append("tbz x%d, #%d, l%d".formatted(a, random.nextInt(4), Math.min(60, i + 1 + random.nextInt(5))));
          case 1 -> program.append("ldr x%d, [x1, #%d]".formatted(a, random.nextInt(16) * 8));
          case 2 -> program.append("str x%d, [x1, #%d]".formatted(a, random.nextInt(16) * 8));
          default -> program.append(forms[random.nextInt(forms.length)].formatted(a, b));
        }
        program.append('\n');
      }
      String source = program + "l60: svc #2";
      assertEquals(trace(source), stepped(source, 1 + random.nextInt(5)), "seed " + seed);
    }
  }

  @Test
  void syndromeTellsOfALoadExclusive() {
    Debuggee debuggee = new Debuggee("ldxr x2, [x1]\n stxr w3, x2, [x1]\n ldaxp x4, x5, [x1]\n svc #0");
    debuggee.set(SysReg.MDSCR_EL1, SS);
    List<Long> syndromes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      debuggee.set(SysReg.SPSR_EL1, PSTATE_SS);
      syndromes.add(debuggee.go().untilException());
    }
    assertEquals(List.of(STEPPED | EXCLUSIVE, STEPPED, STEPPED | EXCLUSIVE), syndromes);
  }

  @Test
  void withoutPstateSsNothingIsExecuted() {
    Debuggee debuggee = new Debuggee("mov x9, #5\n svc #0");
    debuggee.set(SysReg.MDSCR_EL1, SS);
    assertEquals(NOT_STEPPED, debuggee.go().untilException());
    assertEquals(CODE, debuggee.get(SysReg.ELR_EL1));
    assertEquals(9, debuggee.cpu.x[9]);
  }

  @Test
  void whatDoesNotCompleteIsStillToBeStepped() {
    Debuggee debuggee = new Debuggee(".inst 0\n brk #3\n svc #0");
    debuggee.set(SysReg.MDSCR_EL1, SS);
    debuggee.set(SysReg.SPSR_EL1, PSTATE_SS);
    assertEquals(0, debuggee.go().untilException() >>> 26);
    assertEquals(PSTATE_SS, debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS);
    debuggee.set(SysReg.ELR_EL1, CODE + 4);
    assertEquals(BRK, debuggee.go().untilException() >>> 26);
    assertEquals(PSTATE_SS, debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS);
    assertEquals(CODE + 4, debuggee.get(SysReg.ELR_EL1));
  }

  @Test
  void interruptComesBeforeTheInstructionThatIsSteppedAfterIt() {
    Debuggee debuggee = new Debuggee("mov x9, #5\n svc #0");
    debuggee.set(SysReg.MDSCR_EL1, SS);
    debuggee.set(SysReg.SPSR_EL1, PSTATE_SS);
    debuggee.cpu.signal(Signal.IRQ, true);
    debuggee.go().untilException();
    assertEquals(9, debuggee.cpu.x[9]);
    assertEquals(PSTATE_SS, debuggee.get(SysReg.SPSR_EL1) & PSTATE_SS);
    debuggee.cpu.signal(Signal.IRQ, false);
    assertEquals(STEPPED, debuggee.go().untilException());
    assertEquals(5, debuggee.cpu.x[9]);
  }

  @Test
  void lockedAndDisabledItDoesNothing() {
    for (SysReg lock : new SysReg[] {SysReg.OSLAR_EL1, SysReg.OSDLR_EL1}) {
      Debuggee debuggee = new Debuggee("svc #0");
      debuggee.set(SysReg.MDSCR_EL1, SS);
      debuggee.set(lock, 1);
      assertEquals(SVC, debuggee.go().untilException() >>> 26, lock.name());
    }
    Debuggee powered = new Debuggee("svc #0");
    powered.set(SysReg.MDSCR_EL1, SS);
    powered.set(SysReg.OSDLR_EL1, 1);
    powered.set(SysReg.DBGPRCR_EL1, 1);
    assertEquals(STEP, powered.go().untilException() >>> 26, "the double lock waits for CORENPDRQ");
  }

  @Test
  void kernelStepsItselfWithKdeAndDClear() {
    for (long mdscr : new long[] {SS | KDE, SS}) {
      Bench bench = new Bench().start(0x8_0000, """
          msr oslar_el1, xzr
          msr mdscr_el1, x0
          msr daifclr, #8
          mov x9, #7
          hvc #0
          """);
      bench.cpu.x[0] = mdscr;
      bench.load(Bench.VECTORS + 0x200, "mrs x20, esr_el1\n mrs x21, elr_el1\n mrs x22, spsr_el1\n hvc #0");
      bench.run(100);
      if ((mdscr & KDE) != 0) {
        assertEquals(NOT_STEPPED + (1L << 26), bench.cpu.x[20]);
        assertEquals(0x8_000C, bench.cpu.x[21], "before the instruction behind the one that unmasks");
        assertEquals(0, bench.cpu.x[9]);
      } else {
        assertEquals(7, bench.cpu.x[9]);
      }
    }
  }

  @Test
  void hypervisorStepsItsGuestIntoTheVector() {
    Bench bench = new Bench(CpuConfig.cortexA57(0).withLevels(true, false));
    bench.load(Bench.VECTORS + 0x400, "mov x10, #1\n mov x11, #1");
    bench.load(0x9_0000, "svc #0");
    bench.start(0x8_0000, "eret");
    bench.cpu.sys[SysReg.OSLSR_EL1.ordinal()] = 8;
    bench.cpu.sys[SysReg.MDSCR_EL1.ordinal()] = SS;
    bench.cpu.sys[SysReg.MDCR_EL2.ordinal()] = 1 << 8;
    bench.cpu.sys[SysReg.HCR_EL2.ordinal()] |= 1L << 31;
    bench.cpu.sys[SysReg.VBAR_EL2.ordinal()] = 0xA_0000;
    bench.cpu.sys[SysReg.ELR_EL2.ordinal()] = 0x9_0000;
    bench.cpu.sys[SysReg.SPSR_EL2.ordinal()] = PSTATE_SS | 0x200;
    bench.cpu.restored();
    bench.engine.run(3);
    assertEquals(2, bench.cpu.el);
    assertEquals(Bench.VECTORS + 0x400, bench.cpu.sys[SysReg.ELR_EL2.ordinal()], "D masks nothing that goes to EL2");
    assertEquals(NOT_STEPPED, bench.cpu.sys[SysReg.ESR_EL2.ordinal()]);
    assertEquals(0, bench.cpu.x[10]);
    assertEquals(0x200, bench.cpu.sys[SysReg.SPSR_EL1.ordinal()] & (PSTATE_SS | 0x200));
  }

  @Test
  void returnThatIsItselfSteppedClearsSs() {
    Bench bench = new Bench().start(0x8_0000, """
        msr oslar_el1, xzr
        msr mdscr_el1, x0
        adr x1, again
        msr elr_el1, x1
        msr spsr_el1, x2
        eret
        again: eret
        """);
    bench.load(Bench.VECTORS + 0x200, "b .");
    bench.cpu.x[0] = SS | KDE;
    bench.cpu.x[2] = PSTATE_SS | 5;
    bench.engine.run(10);
    assertEquals(0xCE00_0022L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()], "not of a stepped instruction, as a return leaves it");
    assertEquals(0x8_0018, bench.cpu.sys[SysReg.ELR_EL1.ordinal()]);
    assertEquals(5, bench.cpu.sys[SysReg.SPSR_EL1.ordinal()] & ~0xF000_0000L);
  }
}
