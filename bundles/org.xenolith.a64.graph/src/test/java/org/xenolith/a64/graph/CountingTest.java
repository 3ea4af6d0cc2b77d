// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SystemRegisterHandler;

/** What a CPU tells its monitor: which instructions are executed to their end, at which level, and which are branches. */
class CountingTest {
  /** Writes down what it is told, with the instructions retired before. */
  private static final class Recorder implements CpuMonitor {
    final List<String> told = new ArrayList<>();
    private final Cpu cpu;
    private final Bench bench;

    Recorder(Bench bench) {
      this.bench = bench;
      cpu = bench.cpu;
      cpu.monitor(this);
    }

    private void tell(String what) {
      told.add(what + '@' + cpu.retired());
    }

    @Override
    public void poweredUp() {
      tell("on");
    }

    @Override
    public void exceptionTaken() {
      tell("exception EL" + cpu.exceptionLevel());
    }

    @Override
    public void exceptionReturns() {
      tell("return EL" + cpu.exceptionLevel());
    }

    @Override
    public void contextChanged() {
      tell("EL" + cpu.exceptionLevel());
    }

    @Override
    public void branched(int level, int kind) {
      tell("branch" + kind + " EL" + level);
    }

    @Override
    public void retiredReached() {
      tell("reached");
      bench.onDevice.run();
    }
  }

  private static Bench withUser(String user) {
    Bench bench = new Bench().start(0x8_0000, """
        ldr x0, =0x90000
        msr elr_el1, x0
        msr spsr_el1, xzr
        eret
        """);
    bench.load(0x9_0000, user);
    return bench;
  }

  @Test
  void systemCallIsRetiredWhereItIsMadeAndAFaultIsNot() {
    Bench bench = withUser("""
        nop
        svc #0
        .word 0
        """);
    bench.load(Bench.VECTORS + 0x400, """
        mov x1, #0xa0000
        ldr x2, [x1]
        add x2, x2, #1
        str x2, [x1]
        cmp x2, #2
        b.eq end
        eret
        end: hvc #0
        """);
    Recorder recorder = new Recorder(bench);
    bench.cpu.watch(CpuMonitor.LEVELS, Long.MAX_VALUE);
    long executed = bench.run(100);
    assertEquals(List.of("return EL1@4", "EL0@4", "exception EL0@6", "EL1@6", "return EL1@13", "EL0@13", "exception EL0@13",
        "EL1@13"), recorder.told);
    assertEquals(executed - 1, bench.cpu.retired(), "all but the undefined instruction");
  }

  @Test
  void interruptComesBetweenInstructions() {
    Bench bench = new Bench().start(0x8_0000, "nop\n nop\n msr daifclr, #2\n nop\n b .");
    bench.load(Bench.VECTORS + 0x280, "hvc #0");
    Recorder recorder = new Recorder(bench);
    bench.cpu.watch(CpuMonitor.LEVELS, Long.MAX_VALUE);
    bench.cpu.signal(Signal.IRQ, true);
    bench.run(100);
    assertEquals(List.of("exception EL1@3", "EL1@3"), recorder.told);
    assertEquals(4, bench.cpu.retired());
  }

  @Test
  void branchesAreToldByTheirKinds() {
    Bench bench = new Bench().start(0x8_0000, """
        mov x0, #2
        loop: subs x0, x0, #1
        b.ne loop
        cbz x0, next
        next: tbnz x0, #0, loop
        bl sub
        adr x1, on
        br x1
        on: hvc #0
        sub: ret
        """);
    Recorder recorder = new Recorder(bench);
    bench.cpu.watch(CpuMonitor.BRANCHES, Long.MAX_VALUE);
    bench.run(100);
    int taken = CpuMonitor.IMMEDIATE | CpuMonitor.TAKEN;
    assertEquals(List.of("branch" + taken + " EL1@2", "branch1 EL1@4", "branch1 EL1@5", "branch1 EL1@6", "branch" + taken + " EL1@7",
        "branch" + (CpuMonitor.RETURN | CpuMonitor.TAKEN) + " EL1@8", "branch" + CpuMonitor.TAKEN + " EL1@10"), recorder.told);
  }

  @Test
  void exceptionReturnBelongsToTheLevelItLeaves() {
    Bench bench = withUser("b .");
    Recorder recorder = new Recorder(bench);
    bench.cpu.watch(CpuMonitor.BRANCHES, Long.MAX_VALUE);
    bench.run(5);
    assertEquals(List.of("branch" + (CpuMonitor.EXCEPTION_RETURN | CpuMonitor.TAKEN) + " EL1@4", "branch5 EL0@4"), recorder.told);
  }

  @Test
  void countIsReachedAfterTheExactInstructionHoweverTheRunIsCut() {
    for (int cut : new int[] {1, 3, 7, 1000}) {
      Bench bench = new Bench().start(0x8_0000, "loop: add x0, x0, #1\n b loop");
      Recorder recorder = new Recorder(bench);
      bench.onDevice = () -> {
        if (bench.cpu.retired() < 60) {
          bench.cpu.watch(0, bench.cpu.retired() + 21);
        }
      };
      bench.cpu.watch(0, 21);
      for (int done = 0; done < 100; done += cut) {
        assertEquals(Math.min(cut, 100 - done), bench.engine.run(Math.min(cut, 100 - done)));
      }
      assertEquals(List.of("reached@21", "reached@42", "reached@63"), recorder.told, "cut after each " + cut);
    }
  }

  @Test
  void interruptOfAReachedCountIsTakenBeforeTheNextInstruction() {
    Bench bench = new Bench().start(0x8_0000, "msr daifclr, #2\n loop: add x0, x0, #1\n b loop");
    bench.load(Bench.VECTORS + 0x280, "hvc #0");
    new Recorder(bench);
    bench.onDevice = () -> bench.cpu.signal(Signal.IRQ, true);
    bench.cpu.watch(0, 12);
    bench.run(100);
    assertEquals(6, bench.cpu.x[0]);
    assertEquals(0x8_0008, bench.cpu.sys[SysReg.ELR_EL1.ordinal()]);
  }

  @Test
  void faultsDontBringTheCountNearer() {
    Bench bench = new Bench().start(0x8_0000, ".word 0\n b .");
    bench.load(Bench.VECTORS + 0x200, """
        mrs x0, elr_el1
        add x1, x1, #1
        eret
        """);
    Recorder recorder = new Recorder(bench);
    bench.cpu.watch(0, 30);
    bench.engine.run(100);
    assertEquals(List.of("reached@30"), recorder.told);
    assertEquals(75, bench.cpu.retired(), "three of four");
  }

  @Test
  void nothingIsToldThatIsntAskedFor() {
    Bench bench = withUser("svc #0");
    bench.load(Bench.VECTORS + 0x400, "hvc #0");
    Recorder recorder = new Recorder(bench);
    bench.run(100);
    assertTrue(recorder.told.isEmpty(), recorder.told.toString());
    bench.cpu.watch(CpuMonitor.LEVELS, 1);
    bench.cpu.forget(recorder);
    bench.cpu.powerOff();
    bench.start(0x8_0000, "svc #0");
    bench.run(10);
    assertTrue(recorder.told.isEmpty(), recorder.told.toString());
  }

  @Test
  void controlsOfHigherLevelsAndPowerAreTold() {
    Bench bench = new Bench(CpuConfig.cortexA57(0).withLevels(true, false));
    Recorder recorder = new Recorder(bench);
    bench.cpu.claim(new SystemRegisterHandler() {
      @Override
      public long read(ArmCpu cpu, int id) {
        return 6 << 11;
      }

      @Override
      public void write(ArmCpu cpu, int id, long value) {}
    }, SystemRegister.id(3, 3, 9, 12, 0));
    bench.start(0x8_0000, "msr mdcr_el2, xzr\n b .");
    assertEquals(6, bench.cpu.sys[SysReg.MDCR_EL2.ordinal()], "HPMN at reset is PMCR_EL0.N");
    bench.cpu.watch(CpuMonitor.LEVELS, Long.MAX_VALUE);
    bench.engine.run(2);
    assertEquals(List.of("on@0", "EL2@0"), recorder.told);
  }
}
