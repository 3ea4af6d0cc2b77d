// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/** EL2 in Java below small guests. */
class El2PortTest {
  private static final int ICH_HCR = SystemRegister.id(3, 4, 12, 11, 0);

  @Test
  void guestStartsAtEl1AndCallsReturnBehindThemselves() {
    ToyHypervisor toy = new ToyHypervisor().guest("mrs x1, currentel\n mov x0, #4\n hvc #1\n add x0, x0, #10\n hvc #0");
    assertEquals(5, toy.bench.run(100));
    assertEquals(15, toy.bench.cpu.x[0]);
    assertEquals(1 << 2, toy.bench.cpu.x[1]);
    assertEquals(List.of("sync at 2 EL2: ESR 5a000001 ELR 8000c SPSR 3c5", "sync at 4 EL2: ESR 5a000000 ELR 80014 SPSR 3c5"), toy.log);
    assertEquals(1, toy.bench.cpu.el);
    assertEquals(0x8_0014, toy.bench.cpu.pc);
  }

  @Test
  void stackPointersAreTheGuestsAgain() {
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        assertEquals(0x7000, cpu.el2.read(SysReg.SP_EL1));
        assertEquals(0x6000, cpu.el2.read(SysReg.SP_EL0));
        cpu.el2.write(SysReg.SP_EL1, 0x7100);
      }
    };
    toy.guest("mov x1, #0x7000\n mov sp, x1\n mov x1, #0x6000\n msr sp_el0, x1\n hvc #2\n mov x2, sp\n mrs x3, sp_el0\n hvc #0");
    toy.bench.run(100);
    assertEquals(0x7100, toy.bench.cpu.x[2]);
    assertEquals(0x6000, toy.bench.cpu.x[3]);
  }

  /** Emulates the device page as memory that counts up with each load. */
  private static final class DeviceBelow extends ToyHypervisor {
    final List<String> accesses = new ArrayList<>();

    @Override
    void trap(Cpu cpu, int exceptionClass, int iss) {
      assertEquals(DATA_ABORT, exceptionClass);
      assertTrue((iss & 1 << 24) != 0, "ISV");
      long ipa = cpu.el2.read(SysReg.HPFAR_EL2) << 8 | cpu.el2.read(SysReg.FAR_EL2) & 0xFFF;
      int size = 1 << (iss >>> 22 & 3);
      int register = iss >>> 16 & 31;
      if ((iss & 1 << 6) != 0) {
        accesses.add("w%d %x %x".formatted(size, ipa, register == 31 ? 0 : cpu.x[register]));
      } else {
        accesses.add("r%d %x".formatted(size, ipa));
        cpu.x[register == 31 ? Cpu.SINK : register] = 0x100 + accesses.size();
      }
      skip(cpu);
    }
  }

  @Test
  void stageTwoFaultIsCompletedByThePort() {
    DeviceBelow toy = new DeviceBelow();
    toy.guest("""
        mov x1, #0x9000000
        ldr w2, [x1, #4]
        mov w3, #7
        strb w3, [x1, #9]
        ldr x4, [x1, #16]
        hvc #0
        """);
    assertEquals(6, toy.bench.run(100));
    assertEquals(List.of("r4 9000004", "w1 9000009 7", "r8 9000010"), toy.accesses);
    assertEquals(0x101, toy.bench.cpu.x[2]);
    assertEquals(0x103, toy.bench.cpu.x[4]);
    assertEquals("sync at 1 EL2: ESR 93820006 ELR 80004 SPSR 3c5", toy.log.getFirst());
  }

  @Test
  void trappedRegisterAndWaitAreThePorts() {
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        if (exceptionClass == SYSTEM) {
          cpu.el2.write(SysReg.CONTEXTIDR_EL1, cpu.x[iss >>> 5 & 31] + 1);
          skip(cpu);
        } else {
          assertEquals(WF, exceptionClass);
          skip(cpu);
          cpu.waitForInterrupt();
        }
      }
    };
    toy.hcr |= 1 << 13 | 1 << 26;
    toy.guest("mov x1, #5\n msr contextidr_el1, x1\n mrs x2, contextidr_el1\n wfi\n mov x3, #1\n hvc #0");
    assertEquals(4, toy.bench.run(100));
    assertTrue(toy.bench.cpu.waiting());
    assertEquals(6, toy.bench.cpu.x[2]);
    assertEquals(0x8_0010, toy.bench.cpu.pc);
    assertFalse(toy.bench.cpu.runnable());
  }

  /** Its physical IRQ is taken by EL2, which gives the guest a virtual one. */
  private static final class Injecting extends ToyHypervisor {
    Injecting() {
      bench.load(Bench.VECTORS + 0x280, "add x20, x20, #1\n mrs x21, elr_el1\n hvc #2\n eret");
    }

    @Override
    public void irq(Cpu cpu) {
      super.irq(cpu);
      cpu.signal(Signal.IRQ, false);
      cpu.el2.write(SysReg.HCR_EL2, cpu.el2.read(SysReg.HCR_EL2) | VI);
    }

    @Override
    void trap(Cpu cpu, int exceptionClass, int iss) {
      cpu.el2.write(SysReg.HCR_EL2, cpu.el2.read(SysReg.HCR_EL2) & ~VI);
    }
  }

  @Test
  void interruptGoesToThePortAndAVirtualOneToTheGuest() {
    Injecting toy = new Injecting();
    toy.guest("mov x1, #0x9000000\n nop\n nop\n msr daifclr, #2\n mov x2, #2\n hvc #0");
    toy.bench.engine.run(2);
    toy.bench.cpu.signal(Signal.IRQ, true);
    assertEquals(2, toy.bench.engine.run(2));
    assertEquals(List.of("irq at 0 EL2: ESR 0 ELR 80008 SPSR 3c5"), toy.log);
    assertEquals(Bench.VECTORS + 0x280, takeNext(toy));
    assertEquals(3 + 2, toy.bench.run(100));
    assertEquals(1, toy.bench.cpu.x[20]);
    assertEquals(0x8_0010, toy.bench.cpu.x[21]);
    assertEquals(2, toy.bench.cpu.x[2]);
  }

  private static long takeNext(ToyHypervisor toy) {
    assertEquals(1, toy.bench.engine.run(1));
    return toy.bench.cpu.pc - 4;
  }

  @Test
  void interruptThatThePortLeavesAssertedIsABug() {
    ToyHypervisor toy = new ToyHypervisor().guest("b .");
    toy.bench.cpu.signal(Signal.IRQ, true);
    assertThrows(IllegalStateException.class, () -> toy.bench.engine.run(10));
  }

  @Test
  void systemErrorIsTakenOnce() {
    ToyHypervisor toy = new ToyHypervisor().guest("nop\n hvc #0");
    toy.bench.cpu.systemError();
    toy.bench.run(10);
    assertEquals("serror at 0 EL2: ESR be000000 ELR 80000 SPSR 3c5", toy.log.getFirst());
    assertEquals(2, toy.log.size());
  }

  @Test
  void portMayPowerOffOrEndTheRun() {
    ToyHypervisor off = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        cpu.powerOff();
      }
    };
    off.guest("hvc #5\n mov x5, #1\n hvc #0");
    assertEquals(1, off.bench.engine.run(10));
    assertFalse(off.bench.cpu.powered());
    ToyHypervisor exit = new ToyHypervisor() {
      @Override
      public void irq(Cpu cpu) {
        cpu.signal(Signal.IRQ, false);
        cpu.requestExit();
      }
    };
    exit.guest("nop\n hvc #0");
    exit.bench.cpu.signal(Signal.IRQ, true);
    assertEquals(0, exit.bench.engine.run(10));
    assertEquals(2, exit.bench.engine.run(10));
  }

  @Test
  void el2IsHiddenFromTheGuestOnly() {
    ToyHypervisor toy = new ToyHypervisor().guest("mrs x1, id_aa64pfr0_el1\n hvc #0");
    toy.bench.run(10);
    assertEquals(0x011, toy.bench.cpu.x[1]);
    assertEquals(0x111, toy.bench.cpu.el2.readRegister(SystemRegister.id(3, 0, 0, 4, 0)));
    assertEquals(0x111, toy.bench.cpu.systemRegister(SystemRegister.id(3, 0, 0, 4, 0)), "devices");
  }

  @Test
  void identificationCanBeThePortsOwn() {
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        cpu.x[iss >>> 5 & 31] = 0x42;
        skip(cpu);
      }
    };
    toy.hcr |= 1 << 18;
    toy.guest("mrs x1, id_aa64pfr0_el1\n hvc #0");
    toy.bench.run(10);
    assertEquals(0x42, toy.bench.cpu.x[1]);
  }

  @Test
  void devicesSeeAccessesAtEl2() {
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        cpu.el2.writeRegister(ICH_HCR, 9);
        cpu.x[1] = cpu.el2.readRegister(ICH_HCR);
      }
    };
    List<String> seen = new ArrayList<>();
    toy.bench.cpu.claim(new SystemRegisterHandler() {
      @Override
      public long read(ArmCpu cpu, int id) {
        seen.add("r" + cpu.exceptionLevel());
        return 3;
      }

      @Override
      public void write(ArmCpu cpu, int id, long value) {
        seen.add("w" + value + cpu.exceptionLevel());
        if (value == 0) {
          throw SystemRegisterTrap.UNDEFINED;
        }
      }
    }, ICH_HCR);
    toy.guest("hvc #2\n hvc #0");
    toy.bench.run(10);
    assertEquals(3, toy.bench.cpu.x[1]);
    assertEquals(1, toy.bench.cpu.el);
    toy.bench.cpu.el2.writeRegister(ICH_HCR, 1);
    assertEquals(1, toy.bench.cpu.el);
    assertThrows(IllegalArgumentException.class, () -> toy.bench.cpu.el2.writeRegister(ICH_HCR, 0));
    assertThrows(IllegalArgumentException.class, () -> toy.bench.cpu.el2.readRegister(ICH_HCR + 1));
    assertEquals(List.of("w92", "r2", "w12", "w02"), seen);
  }

  @Test
  void portIsAttachedOnlyWhereItCanBe() {
    assertThrows(IllegalStateException.class, () -> new Bench().cpu.el2.attach(new ToyHypervisor()));
    ToyHypervisor toy = new ToyHypervisor().guest("b .");
    assertThrows(IllegalStateException.class, () -> toy.bench.cpu.el2.attach(null));
  }

  @Test
  void returnToEl2IsRefused() {
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        cpu.el2.write(SysReg.SPSR_EL2, 0x3C9);
      }
    };
    toy.guest("hvc #2");
    assertThrows(IllegalStateException.class, () -> toy.bench.engine.run(10));
    assertFalse(toy.bench.cpu.powered());
  }

  @Test
  void stateIsTheSameHoweverTheRunIsCut() {
    String source = """
        msr daifclr, #2
        mov x1, #0x9000000
        mov x3, #200
        loop: ldr w2, [x1]
        add x4, x4, x2
        hvc #1
        msr contextidr_el1, x4
        svc #1
        subs x3, x3, #1
        b.ne loop
        hvc #0
        """;
    String whole = cut(source, null);
    for (int seed = 1; seed <= 20; seed++) {
      assertEquals(whole, cut(source, new Random(seed)), "seed " + seed);
    }
  }

  private static String cut(String source, Random random) {
    ToyHypervisor toy = new ToyHypervisor() {
      private int faults;

      @Override
      public void irq(Cpu cpu) {
        cpu.signal(Signal.IRQ, false);
        cpu.x[23] += cpu.el2.read(SysReg.ELR_EL2);
        cpu.el2.write(SysReg.HCR_EL2, cpu.el2.read(SysReg.HCR_EL2) | VI);
        if (cpu.x[3] % 3 == 0) {
          cpu.waitForInterrupt();
        }
      }

      @Override
      void trap(Cpu cpu, int exceptionClass, int iss) {
        if (exceptionClass == DATA_ABORT) {
          cpu.x[iss >>> 16 & 31] = ++faults;
          if (faults % 3 == 0) {
            cpu.el2.write(SysReg.HCR_EL2, cpu.el2.read(SysReg.HCR_EL2) | VI);
          }
          if (faults % 5 == 0) {
            cpu.signal(Signal.IRQ, true);
          }
          if (faults % 11 == 0) {
            cpu.requestExit();
          }
          if (faults % 7 == 0) {
            cpu.el2.operation(SystemRegister.id(1, 4, 8, 7, 4), 0);
          }
        } else if (exceptionClass == HVC) {
          cpu.el2.write(SysReg.HCR_EL2, cpu.el2.read(SysReg.HCR_EL2) & ~VI);
          return;
        } else {
          cpu.el2.write(SysReg.CONTEXTIDR_EL1, cpu.x[iss >>> 5 & 31]);
        }
        skip(cpu);
      }
    };
    toy.logging = false;
    toy.hcr |= 1 << 26;
    toy.bench.load(Bench.VECTORS + 0x280, "add x20, x20, #1\n hvc #2\n eret");
    toy.bench.load(Bench.VECTORS + 0x200, "add x22, x22, #1\n eret");
    toy.guest(source);
    long done = 0;
    while (!toy.bench.stopped && done < 10_000) {
      done += toy.bench.engine.run(random == null ? 10_000 : 1 + random.nextInt(9));
      if (random != null && random.nextInt(20) == 0) {
        toy.bench.engine.close();
        toy.bench.engine = new Interpreter(toy.bench.cpu);
      }
    }
    assertTrue(toy.bench.stopped);
    assertTrue(toy.bench.cpu.x[20] > 50, "interrupts: " + toy.bench.cpu.x[20]);
    StringBuilder state = new StringBuilder().append(done);
    toy.bench.cpu.state().save().values().forEach((name, value) -> state.append(' ').append(name).append('=')
        .append(value instanceof long[] array ? java.util.Arrays.toString(array) : value));
    return state.toString();
  }
}
