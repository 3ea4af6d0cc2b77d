// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.x64.api.MsrFault;

/** Who answers what guests' processors ask for; without anybody, and with somebody who throws. */
class GuestProcessorsPortTest {
  private static final long SEED = 20_261_128;
  private final GuestProcessorsPort port = new GuestProcessorsPort();
  private final List<Throwable> failures = new ArrayList<>();

  private DeviceContext owner(String name) {
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "instance", "toString" -> name;
          case "failed" -> failures.add((Throwable) arguments[0]) ? null : null;
          default -> throw new AssertionError(method);
        });
  }

  /** Answers with a number of its own. */
  private record Numbered(long number) implements MsrTrap, PortTrap, CpuidTrap {
    @Override
    public long read(Vcpu vcpu, int register) {
      return number;
    }

    @Override
    public void write(Vcpu vcpu, int register, long value) {}

    @Override
    public long read(Vcpu vcpu, int at, int size) {
      return number;
    }

    @Override
    public void write(Vcpu vcpu, int at, int size, long value) {}

    @Override
    public void answer(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
      answer.set(answer.eax() * 10 + (int) number, 0, 0, 0);
    }
  }

  /** Keeps EAX. */
  private static final class Register implements CpuidAnswer {
    private int eax;

    @Override
    public int eax() {
      return eax;
    }

    @Override
    public int ebx() {
      return 0;
    }

    @Override
    public int ecx() {
      return 0;
    }

    @Override
    public int edx() {
      return 0;
    }

    @Override
    public void set(int newEax, int ebx, int ecx, int edx) {
      eax = newEax;
    }
  }

  @Test
  void aRegisterIsAnsweredByWhoClaimedItLast() {
    Random random = new Random(SEED);
    Numbered[] traps = {new Numbered(1), new Numbered(2), new Numbered(3)};
    Map<Integer, Long> expected = new HashMap<>();
    int[] registers = {0, 1, 0x10, 0x277, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xC000_0080, -1};
    for (int step = 0; step < 2000; step++) {
      Numbered trap = traps[random.nextInt(traps.length)];
      if (random.nextInt(5) == 0) {
        port.release(trap);
        expected.values().removeIf(number -> number == trap.number);
      } else {
        int register = registers[random.nextInt(registers.length)];
        port.claim((MsrTrap) trap, owner("a"), register);
        expected.put(register, trap.number);
      }
      for (int register : registers) {
        if (expected.containsKey(register)) {
          assertEquals(expected.get(register), port.readMsr(null, register), "step " + step);
          port.writeMsr(null, register, 0);
        } else {
          assertThrows(MsrFault.class, () -> port.readMsr(null, register));
          assertThrows(MsrFault.class, () -> port.writeMsr(null, register, 0));
        }
      }
    }
  }

  @Test
  void aPortThatNobodyHasReadsAllOnes() {
    assertEquals(0xFFFF, port.in(null, 0x80, 2));
    port.out(null, 0x80, 2, 0);
    port.claim((PortTrap) new Numbered(7), owner("b"), 0x70, 0x80);
    port.claim((PortTrap) new Numbered(8), owner("a"), 0x80, 0x80);
    assertEquals(8, port.in(null, 0x80, 1), "the first by name");
    assertEquals(7, port.in(null, 0x7F, 1));
    assertEquals(0xFF, port.in(null, 0x81, 1));
    for (int[] wrong : new int[][] {{-1, 0}, {0, 0x10000}, {2, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> port.claim((PortTrap) new Numbered(1), owner("a"), wrong[0], wrong[1]));
    }
  }

  @Test
  void aClaimOfFewerPortsCountsBeforeOneOfMore() {
    Numbered all = new Numbered(1);
    Numbered some = new Numbered(2);
    Numbered one = new Numbered(3);
    port.claim((PortTrap) all, owner("a"), 0, 0xFFFF);
    port.claim((PortTrap) some, owner("z"), 0xCF8, 0xCFF);
    port.claim((PortTrap) one, owner("a"), 0xCFB, 0xCFB);
    assertEquals(1, port.in(null, 0xCF7, 1));
    assertEquals(2, port.in(null, 0xCF8, 4));
    assertEquals(3, port.in(null, 0xCFB, 1));
    assertEquals(2, port.in(null, 0xCFF, 1));
    assertEquals(1, port.in(null, 0xD00, 1));
    port.claim((PortTrap) new Numbered(4), owner("b"), 0xCF8, 0xCFF);
    assertEquals(4, port.in(null, 0xCF8, 4), "of as many the first by name");
    port.release(one);
    assertEquals(4, port.in(null, 0xCFB, 1));
    port.claim((PortTrap) new Numbered(5), owner("a"), 0, 0xFFFF);
    assertEquals(5, port.in(null, 0, 1), "in the place of its own earlier one");
    assertEquals(4, port.in(null, 0xCF8, 1));
  }

  @Test
  void everybodyHasASayInCpuidByName() {
    port.claim((CpuidTrap) new Numbered(2), owner("b"));
    port.claim((CpuidTrap) new Numbered(9), owner("a"));
    port.claim((CpuidTrap) new Numbered(1), owner("a"));
    Register answer = new Register();
    port.cpuid(null, 0, 0, answer);
    assertEquals(12, answer.eax);
  }

  @Test
  void whoThrowsIsTakenOutAndToldOnce() {
    MsrTrap broken = new MsrTrap() {
      @Override
      public long read(Vcpu vcpu, int msr) {
        throw new IllegalStateException("broken");
      }

      @Override
      public void write(Vcpu vcpu, int msr, long value) {}
    };
    port.claim(broken, owner("a"), 5, 6);
    assertThrows(MsrFault.class, () -> port.readMsr(null, 5));
    assertThrows(MsrFault.class, () -> port.writeMsr(null, 6, 0));
    assertEquals(1, failures.size());
  }

  @Test
  void withoutControllersNothingWaits() {
    GuestInterruptsPort interrupts = new GuestInterruptsPort();
    assertFalse(interrupts.has(null));
    assertFalse(interrupts.pending(null));
    assertEquals(-1, interrupts.acknowledge(null));
    assertEquals(0, interrupts.taskPriority(null));
    interrupts.taskPriority(null, 3);
    interrupts.raise(null, 0x30);
    interrupts.attach(new GuestInterrupts() {
      @Override
      public boolean has(Domain domain) {
        return true;
      }

      @Override
      public boolean pending(Vcpu vcpu) {
        throw new IllegalStateException("broken");
      }

      @Override
      public int acknowledge(Vcpu vcpu) {
        return 0x31;
      }

      @Override
      public int taskPriority(Vcpu vcpu) {
        return 4;
      }

      @Override
      public void taskPriority(Vcpu vcpu, int priority) {}

      @Override
      public void raise(Vcpu vcpu, int vector) {}
    }, owner("lapics"));
    assertEquals(0x31, interrupts.acknowledge(null));
    assertEquals(4, interrupts.taskPriority(null));
    assertFalse(interrupts.pending(null), "it throws");
    assertEquals(-1, interrupts.acknowledge(null), "it was taken out");
    assertEquals(1, failures.size());
  }
}
