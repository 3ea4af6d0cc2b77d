// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.regs.StateRecord;

/** The count of instructions, power, waiting, and that all state is declared. */
class CpuTest {
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
  }

  /** Executes as an engine would, instructions that do nothing but what {@code each} does at their number. */
  private long run(long budget, java.util.function.LongConsumer each) {
    cpu.begin(budget);
    while (cpu.more()) {
      do {
        each.accept(cpu.executed());
      } while (--cpu.left > 0);
    }
    return cpu.end();
  }

  @Test
  void countIsExactInsideAnInstruction() {
    long[] seen = new long[1];
    assertEquals(10, run(10, n -> assertEquals(seen[0]++, n)));
    assertEquals(0, cpu.executed());
  }

  @Test
  void attentionLosesNothing() {
    long[] seen = new long[1];
    assertEquals(10, run(10, n -> {
      assertEquals(seen[0]++, n);
      if (n % 3 == 0) {
        cpu.attention();
      }
      assertEquals(n, cpu.executed());
    }));
  }

  @Test
  void exitLeavesAfterTheInstruction() {
    assertEquals(4, run(10, n -> {
      if (n == 3) {
        cpu.requestExit();
      }
    }));
    assertEquals(10, run(10, n -> {}));
  }

  @Test
  void powerOffEndsTheRun() {
    assertEquals(2, run(10, n -> {
      if (n == 1) {
        cpu.powerOff();
      }
    }));
    assertFalse(cpu.runnable());
    cpu.x[5] = 7;
    cpu.powerOn(0x1000, 42);
    assertTrue(cpu.runnable());
    run(1, n -> {
      assertEquals(0x1000, cpu.pc);
      assertEquals(42, cpu.x[0]);
      assertEquals(0, cpu.x[5]);
      assertEquals(1, cpu.el);
      assertEquals(0x3C0, cpu.daif);
    });
  }

  @Test
  void powersOnAtTheHighestNonSecureLevel() {
    cpu = machine.cpu(CpuConfig.cortexA57(1).withLevels(true, true));
    assertEquals(2, cpu.el);
    assertEquals(1, cpu.spsel);
  }

  @Test
  void interruptRequestEndsAWaitEvenIfMasked() {
    assertEquals(1, run(10, n -> cpu.waitForInterrupt()));
    assertTrue(cpu.waiting());
    assertFalse(cpu.runnable());
    int woken = machine.woken;
    cpu.signal(Signal.IRQ, true);
    assertTrue(cpu.runnable());
    assertEquals(woken + 1, machine.woken);
    assertEquals(5, run(5, n -> {}));
    assertFalse(cpu.waiting());
    assertEquals(5, run(5, n -> cpu.waitForInterrupt()), "a request is there: no wait");
  }

  @Test
  void eventEndsAWaitForEvents() {
    cpu.event();
    assertEquals(3, run(3, n -> {
      if (n == 0) {
        cpu.waitEvent();
      }
    }), "the event register was set");
    assertEquals(1, run(3, n -> cpu.waitEvent()), "gives way to others");
    assertTrue(cpu.runnable());
    cpu.memory.loadExclusive(FlatMachine.RAM, 8);
    assertEquals(1, run(3, n -> cpu.waitEvent()));
    assertFalse(cpu.runnable());
    machine.put(FlatMachine.RAM, 1);
    assertTrue(cpu.runnable(), "the monitored location changed");
  }

  @Test
  void allStateIsDeclared() {
    for (int i = 0; i < 31; i++) {
      cpu.x[i] = i + 1;
    }
    cpu.x[Cpu.SP] = 99;
    cpu.sp[0] = 98;
    for (int i = 0; i < 64; i++) {
      cpu.v[i] = 1000 + i;
    }
    cpu.nzcv(0x9000_0000);
    cpu.daif = 0x40;
    cpu.pc = 0x1234;
    cpu.fpcr = 1 << 24;
    cpu.fp.fpsr = 1;
    cpu.signal(Signal.FIQ, true);
    FlatMachine.msr(cpu, SysReg.TPIDR_EL1, 3);
    cpu.memory.loadExclusive(FlatMachine.RAM, 8);
    StateRecord record = cpu.state().save();
    Cpu other = new Cpu(0, cpu.config, machine);
    other.state().restore(record);
    other.restored();
    assertEquals(record, other.state().save());
    assertEquals(99, other.x[Cpu.SP]);
    assertEquals(0x9000_0000, other.nzcv());
    assertEquals(1, other.el);
    assertEquals(0, other.memory.storeExclusive(FlatMachine.RAM, 8, 1));
    cpu.reset();
    StateRecord fresh = new Cpu(0, cpu.config, machine).state().save();
    assertEquals(fresh, cpu.state().save());
  }
}
