// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.regs.StateRecord;

/** What the engine adds to the architecture: exact counting, decoding, coherence with memory, continuation anywhere. */
class InterpreterTest {
  private static final String LOOP = """
      mov x0, #0
      mov x1, #100
      loop: add x0, x0, x1
      str x0, [x2, #0x400]
      ldr x3, [x2, #0x400]
      subs x1, x1, #1
      b.ne loop
      """;

  @Test
  void loopIsExecutedAndCounted() {
    Bench bench = new Bench().start(0x8_0000, LOOP + "hvc #0");
    bench.cpu.x[2] = 0x9_0000;
    assertEquals(2 + 500 + 1, bench.run(10_000));
    assertEquals(5050, bench.cpu.x[0]);
    assertEquals(5050, bench.cpu.x[3]);
  }

  @Test
  void budgetIsExactWhereverItCuts() {
    Bench whole = new Bench().start(0x8_0000, LOOP + "hvc #0").enableMmu();
    whole.cpu.x[2] = 0x9_0000;
    whole.engine.run(321);
    StateRecord expected = whole.cpu.state().save();
    for (int step : new int[] {1, 2, 3, 7, 50, 320}) {
      Bench cut = new Bench().start(0x8_0000, LOOP + "hvc #0").enableMmu();
      cut.cpu.x[2] = 0x9_0000;
      for (long done = 0; done < 321;) {
        long executed = cut.engine.run(Math.min(step, 321 - done));
        assertEquals(Math.min(step, 321 - done), executed);
        done += executed;
      }
      assertEquals(expected, cut.cpu.state().save(), "cut after each " + step);
    }
  }

  @Test
  void countIsExactWhenADeviceIsAccessed() {
    Bench bench = Bench.ran("""
        mov x1, #0x9000000
        ldr w2, [x1]
        nop
        str w2, [x1]
        """);
    assertEquals(List.of(1L, 3L), bench.countsAtDevice);
  }

  @Test
  void interruptRaisedByAnAccessIsTakenBeforeTheNextInstruction() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x280, "mov x10, #7\n hvc #0");
    bench.start(0x8_0000, """
        msr daifclr, #2
        mov x1, #0x9000000
        str w1, [x1]
        mov x11, #1
        b .
        """);
    bench.onDevice = () -> bench.cpu.signal(Signal.IRQ, true);
    assertEquals(5, bench.run(1000));
    assertEquals(7, bench.cpu.x[10]);
    assertEquals(0, bench.cpu.x[11]);
    assertEquals(0x8_000C, bench.cpu.sys[SysReg.ELR_EL1.ordinal()]);
  }

  @Test
  void unmaskedInterruptIsTakenAtOnce() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x280, "hvc #0");
    bench.start(0x8_0000, "nop\n msr daifclr, #2\n mov x11, #1\n b .");
    bench.cpu.signal(Signal.IRQ, true);
    assertEquals(3, bench.run(1000));
    assertEquals(0, bench.cpu.x[11]);
  }

  @Test
  void waitEndsTheRunUntilAnInterrupt() {
    Bench bench = new Bench().start(0x8_0000, "wfi\n mov x5, #3\n hvc #0");
    assertEquals(1, bench.engine.run(100));
    assertTrue(bench.cpu.waiting());
    assertEquals(0, bench.engine.run(100));
    bench.cpu.signal(Signal.IRQ, true);
    assertEquals(2, bench.run(100));
    assertEquals(3, bench.cpu.x[5]);
  }

  @Test
  void codeThatIsWrittenIsDecodedAgain() {
    Bench bench = new Bench();
    bench.start(0x8_0000, """
        mov x9, #3
        ldr x0, =0x81000
        again: blr x0
        str w1, [x0]
        add w1, w1, #0x400
        subs x9, x9, #1
        b.ne again
        hvc #0
        """);
    bench.load(0x8_1000, "add x2, x2, #1\n ret");
    bench.cpu.x[1] = Assembler.assemble("add x2, x2, #16") & 0xFFFF_FFFFL;
    bench.run(1000);
    assertEquals(1 + 16 + 17, bench.cpu.x[2]);
  }

  @Test
  void instructionThatOverwritesTheNextOneIsObeyed() {
    Bench bench = new Bench();
    bench.start(0x8_0000, "nop\n str w1, [x0]\n mov x2, #1\n hvc #0").enableMmu();
    bench.cpu.x[0] = 0x8_0008;
    bench.cpu.x[1] = Assembler.assemble("mov x2, #5") & 0xFFFF_FFFFL;
    bench.run(100);
    assertEquals(5, bench.cpu.x[2]);
  }

  @Test
  void memoryWrittenByOthersIsDecodedAgain() {
    Bench bench = new Bench().start(0x8_0000, "b .");
    bench.engine.run(10);
    bench.ram.write(0x8_0000, 4, Assembler.assemble("hvc #0") & 0xFFFF_FFFFL);
    assertEquals(1, bench.run(10));
  }

  @Test
  void executionRunsOnAcrossPages() {
    Bench bench = new Bench();
    bench.start(0x8_0FF8, "mov x1, #1\n mov x2, #2\n mov x3, #3\n hvc #0");
    assertEquals(4, bench.run(100));
    assertEquals(3, bench.cpu.x[3]);
    Bench cut = new Bench();
    cut.start(0x8_0FF8, "mov x1, #1\n mov x2, #2\n mov x3, #3\n hvc #0");
    assertEquals(2, cut.engine.run(2));
    assertEquals(0x8_1000, cut.cpu.pc);
    assertEquals(0, cut.cpu.x[3]);
    assertEquals(2, cut.run(10));
  }

  @Test
  void samePageRunsAtTwoAddresses() {
    Bench bench = new Bench();
    bench.start(0x8_0000, "adr x0, .\n hvc #0").enableMmu();
    bench.run(10);
    assertEquals(0x8_0000, bench.cpu.x[0]);
    bench.ram.write(0x2_1000 + 16 * 8, 8, 0x701);
    bench.cpu.pc = (16L << 21) + 0x8_0000;
    bench.run(10);
    assertEquals((16L << 21) + 0x8_0000, bench.cpu.x[0]);
  }

  @Test
  void branchesDropAnIgnoredTopByte() {
    Bench bench = new Bench();
    bench.load(0x8_1000, "adr x1, .\n ret");
    bench.start(0x8_0000, "blr x0\n hvc #0").enableMmu();
    bench.cpu.sys[SysReg.TCR_EL1.ordinal()] |= 1L << 37;
    bench.cpu.restored();
    bench.cpu.x[0] = 0x5A00_0000_0008_1000L;
    assertEquals(4, bench.run(10));
    assertEquals(0x8_1000, bench.cpu.x[1]);
    assertEquals(0x8_0004, bench.cpu.x[30]);
  }

  @Test
  void faultsAreTakenByTheInstructionThatMakesThem() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x200, "hvc #0");
    bench.start(0x8_0000, "mov x5, #1\n ldr x1, [x0, #8]!\n mov x5, #2\n hvc #0").enableMmu();
    bench.cpu.x[0] = 0x4000_0000L;
    assertEquals(3, bench.run(10));
    assertEquals(1, bench.cpu.x[5]);
    assertEquals(0x4000_0000L, bench.cpu.x[0], "no write-back");
    assertEquals(0x8_0004, bench.cpu.sys[SysReg.ELR_EL1.ordinal()]);
    assertEquals(0x9600_0005L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertEquals(0x4000_0008L, bench.cpu.sys[SysReg.FAR_EL1.ordinal()]);
  }

  @Test
  void fetchesFaultWhenTheyAreReached() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x200, "hvc #0");
    bench.start(0x8_0000, "br x0").enableMmu();
    bench.cpu.x[0] = 0x4000_0000L;
    assertEquals(1, bench.engine.run(1));
    assertEquals(0x4000_0000L, bench.cpu.pc);
    assertEquals(0, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertEquals(2, bench.run(10));
    assertEquals(0x8600_0005L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    bench.start(0x8_0000, "br x0");
    bench.cpu.powerOff();
    Bench misaligned = new Bench();
    misaligned.load(Bench.VECTORS + 0x200, "hvc #0");
    misaligned.start(0x8_0000, "br x0");
    misaligned.cpu.x[0] = 0x8_0002L;
    misaligned.run(10);
    assertEquals(0x8A00_0000L, misaligned.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertEquals(0x8_0002, misaligned.cpu.sys[SysReg.FAR_EL1.ordinal()]);
  }

  @Test
  void endlessFaultsUseUpTheBudget() {
    Bench bench = new Bench().start(0x8_0000, "nop").enableMmu();
    bench.cpu.sys[SysReg.VBAR_EL1.ordinal()] = 0x7000_0000L;
    bench.cpu.pc = 0x7000_0000L;
    assertEquals(1000, bench.engine.run(1000));
  }

  @Test
  void stackPointerIsCheckedWhereAsked() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x200, "hvc #0");
    bench.start(0x8_0000, "mov x0, #0x9008\n mov sp, x0\n ldr x1, [sp]\n hvc #0");
    bench.run(10);
    assertEquals(0, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    bench.start(0x8_0000, "mov x0, #0x9008\n mov sp, x0\n ldr x1, [sp]\n hvc #0");
    bench.cpu.pc = 0x8_0000;
    bench.cpu.sys[SysReg.SCTLR_EL1.ordinal()] |= 8;
    bench.run(10);
    assertEquals(0x9A00_0000L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
  }

  @Test
  void illegalStateIsTakenByTheNextInstruction() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x200, "hvc #0");
    bench.start(0x8_0000, "adr x0, there\n msr elr_el1, x0\n mov x0, #0x3d0\n msr spsr_el1, x0\n eret\n there: mov x1, #1\n hvc #0");
    bench.run(100);
    assertEquals(0, bench.cpu.x[1]);
    assertEquals(0x3A00_0000L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertEquals(0x8_0014, bench.cpu.sys[SysReg.ELR_EL1.ordinal()]);
  }

  @Test
  void engineIsExchangedBetweenTwoInstructions() {
    Bench bench = new Bench().start(0x8_0000, LOOP + "hvc #0").enableMmu();
    bench.cpu.x[2] = 0x9_0000;
    long done = 0;
    while (!bench.stopped) {
      done += bench.engine.run(13);
      bench.engine.close();
      bench.engine = new Interpreter(bench.cpu);
    }
    assertEquals(503, done);
    assertEquals(5050, bench.cpu.x[0]);
  }

  @Test
  void unallocatedWordsAreUndefined() {
    Bench bench = new Bench();
    bench.load(Bench.VECTORS + 0x200, "hvc #0");
    bench.start(0x8_0000, ".inst 0\n nop");
    bench.run(10);
    assertEquals(0x0200_0000L, bench.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertTrue(bench.events.isEmpty());
  }

  @Test
  void atomicsAreUndefinedUnlessBuilt() {
    Bench without = new Bench();
    without.load(Bench.VECTORS + 0x200, "hvc #0");
    without.start(0x8_0000, "ldadd x1, x2, [x3]\n hvc #0");
    without.run(10);
    assertEquals(0x0200_0000L, without.cpu.sys[SysReg.ESR_EL1.ordinal()]);
    Bench with = new Bench(CpuConfig.cortexA57(0).withLse(true));
    with.start(0x8_0000, "ldadd x1, x2, [x3]\n casp x4, x5, x6, x7, [x8]\n hvc #0");
    with.cpu.x[1] = 5;
    with.cpu.x[3] = 0x9_0000;
    with.cpu.x[8] = 0x9_0010;
    with.cpu.x[6] = 11;
    with.cpu.x[7] = 12;
    with.ram.write(0x9_0000, 8, 37);
    with.run(10);
    assertEquals(37, with.cpu.x[2]);
    assertEquals(42, with.ram.read(0x9_0000, 8));
    assertEquals(12, with.ram.read(0x9_0018, 8));
  }

  @Test
  void zeroRegisterReadsZeroAndKeepsNothing() {
    Bench bench = Bench.ran("mov x1, #5\n add xzr, x1, x1\n adds x2, xzr, xzr\n mov x3, #1\n str xzr, [x4, #0x800]\n cset x5, eq");
    assertEquals(0, bench.cpu.x[Cpu.ZERO]);
    assertEquals(1, bench.cpu.x[5]);
    assertFalse(bench.cpu.waiting());
  }
}
