// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.vlapic.GuestBench.APIC_BASE;
import static org.xenolith.hyp.vlapic.GuestBench.BASE;
import static org.xenolith.hyp.vlapic.GuestBench.DEADLINE;
import static org.xenolith.hyp.vlapic.GuestBench.LVT_TIMER;
import static org.xenolith.hyp.vlapic.GuestBench.SVR;
import static org.xenolith.hyp.vlapic.GuestBench.TPR;
import static org.xenolith.hyp.vlapic.GuestBench.TSC_DEADLINE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.x64.api.MsrFault;

/** Replaced, removed, brought back, restored; beside a core that is; under a guest that does anything. */
class VlapicChangeTest {
  private static final int VECTOR = 0xEF;

  private final GuestBench bench = new GuestBench();
  private final FakeDomain guest = bench.hypervisor.domU(2, 3);
  private final FakeVcpu vcpu0 = guest.vcpu(0);
  private final FakeVcpu vcpu1 = guest.vcpu(1);

  private void deadline(FakeVcpu vcpu, long timeStamp) {
    bench.write(vcpu, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.wrmsr(vcpu, DEADLINE, timeStamp);
  }

  private DeviceModel replace() {
    return bench.hypervisor.replace("vlapic", new VlapicComponent());
  }

  @Test
  void aHandOverKeepsInterruptsAndTimers() {
    bench.enable(vcpu0, vcpu1);
    bench.interrupts().raise(vcpu0, 0x41);
    bench.acknowledge(vcpu0);
    bench.interrupts().raise(vcpu0, 0x51);
    deadline(vcpu1, 4000);
    int changes = vcpu0.interruptChanges();
    replace();
    assertEquals(changes, vcpu0.interruptChanges(), "it knows what waits");
    assertEquals(2000, bench.alarm());
    assertEquals(0x51, bench.acknowledge(vcpu0));
    bench.advance(1999);
    assertFalse(bench.pending(vcpu1));
    bench.advance(1);
    assertEquals(VECTOR, bench.acknowledge(vcpu1));
    assertEquals(-1, bench.acknowledge(vcpu0), "two are in service");
    bench.write(vcpu0, GuestBench.EOI, 0);
    bench.write(vcpu0, GuestBench.EOI, 0);
    bench.command(vcpu1, 0, 0x42);
    assertEquals(0x42, bench.acknowledge(vcpu0), "they reach one another");
  }

  /** A snapshot is restored into a model that has gone on. */
  @Test
  void aSnapshotIsWhatIsThenThere() {
    bench.enable(vcpu0, vcpu1);
    bench.interrupts().raise(vcpu0, 0x41);
    deadline(vcpu1, 4000);
    DeviceModel model = replace();
    StateRecord record = model.state().save();
    long alarm = bench.alarm();
    bench.serve(vcpu0);
    bench.wrmsr(vcpu1, DEADLINE, 0);
    bench.write(vcpu1, TPR, 0x20);
    model.state().restore(record);
    model.restored();
    assertEquals(alarm, bench.alarm(), "alarms are restored by the machine");
    assertEquals(0x41, bench.acknowledge(vcpu0));
    assertEquals(0, bench.read(vcpu1, TPR));
    bench.advance(2000);
    assertEquals(VECTOR, bench.acknowledge(vcpu1));
  }

  @Test
  void domainsThatCameOrWentMeanwhileAreMet() {
    DeviceModel model = replace();
    bench.write(vcpu1, TPR, 0x20);
    StateRecord record = model.state().save();
    FakeDomain later = bench.hypervisor.domU(5, 1);
    model.state().restore(record);
    model.restored();
    assertEquals(0x20, bench.read(vcpu1, TPR));
    assertEquals(0xFF, bench.read(later.vcpu(0), SVR));
    record = model.state().save();
    bench.hypervisor.destroy(later);
    model.state().restore(record);
    model.restored();
    String left = domains(model.state().save());
    assertTrue(left.contains(guest.serial() + " vcpus=3"));
    assertFalse(left.contains(later.serial() + " vcpus=1"));
  }

  /** The record of all domains, whose names can be read in it. */
  private static String domains(StateRecord record) {
    return new String((byte[]) record.values().get("domains"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRemovedOneTakesItsClaimsBackAndGoesOnFromItsRecord() {
    bench.enable(vcpu0, vcpu1);
    bench.interrupts().raise(vcpu0, 0x41);
    deadline(vcpu1, 4000);
    int changes = vcpu0.interruptChanges();
    StateRecord record = bench.hypervisor.remove("vlapic");
    assertEquals(changes + 1, vcpu0.interruptChanges());
    assertFalse(bench.pending(vcpu0));
    assertFalse(bench.interrupts().has(guest));
    assertEquals(-1, bench.acknowledge(vcpu0));
    assertNull(bench.window(vcpu0, BASE));
    bench.refuses(vcpu0, APIC_BASE);
    bench.refuses(vcpu0, DEADLINE);
    assertEquals(0, bench.cpuid(vcpu0, 1).edx);
    bench.interrupts().raise(vcpu1, 0x42);
    bench.advance(10_000);
    vcpu0.block();
    bench.hypervisor.bringBack("vlapic", new VlapicComponent(), record);
    assertFalse(vcpu0.blocked(), "it is told");
    assertEquals(0x41, bench.acknowledge(vcpu0));
    assertFalse(bench.pending(vcpu1), "what was raised meanwhile is lost");
    bench.advance(1);
    assertEquals(VECTOR, bench.acknowledge(vcpu1), "the timer is late");
  }

  @Test
  void aDomainGetsThemFromOneThatComesLater() {
    StateRecord record = bench.hypervisor.remove("vlapic");
    FakeDomain later = bench.hypervisor.domU(5, 1);
    bench.hypervisor.bringBack("vlapic", new VlapicComponent(), record);
    assertEquals(0xFF, bench.read(later.vcpu(0), SVR));
    assertTrue(bench.interrupts().has(later));
  }

  /** Who has a message for a domain waits until it has local APICs again. */
  @Test
  void whoWaitsForThemIsWokenWhenDomainsHaveThem() {
    bench.enable(vcpu0);
    StateRecord record = bench.hypervisor.remove("vlapic");
    List<Boolean> taken = new ArrayList<>();
    Runnable[] send = new Runnable[1];
    send[0] = () -> {
      if (bench.interrupts().has(guest)) {
        taken.add(bench.interrupts().message(guest, BASE, 0x41));
      } else {
        bench.interrupts().whenPresent(send[0]);
      }
    };
    send[0].run();
    bench.hypervisor.bringBack("vlapic", new VlapicComponent(), record);
    assertEquals(List.of(true), taken);
    assertEquals(0x41, bench.acknowledge(vcpu0));
    bench.hypervisor.remove("vlapic");
    send[0].run();
    bench.hypervisor.install("vlapic", new VlapicComponent());
    assertEquals(2, taken.size(), "one that begins anew");
  }

  @Test
  void anotherCoreIsToldOnlyWhatWasMissed() {
    bench.enable(vcpu0, vcpu1);
    bench.interrupts().raise(vcpu0, 0x41);
    deadline(vcpu1, 4000);
    vcpu1.block();
    bench.hypervisor.port(DomainsPort.class).detach(bench.hypervisor);
    bench.advance(2000);
    assertTrue(vcpu1.blocked(), "an old core's objects do nothing");
    bench.hypervisor.port(DomainsPort.class).attach(bench.hypervisor, bench.hypervisor.context("vlapic"));
    int changes = vcpu0.interruptChanges();
    bench.hypervisor.renew();
    FakeVcpu renewed0 = bench.hypervisor.byId(2).vcpu(0);
    FakeVcpu renewed1 = bench.hypervisor.byId(2).vcpu(1);
    assertFalse(renewed1.blocked());
    assertEquals(VECTOR, bench.acknowledge(renewed1));
    assertEquals(changes, renewed0.interruptChanges());
    assertEquals(0x41, bench.acknowledge(renewed0));
    bench.hypervisor.renew();
    assertEquals(-1, bench.acknowledge(bench.hypervisor.byId(2).vcpu(0)));
  }

  @Test
  void aRecordThatIsNoneIsRefused() {
    DeviceModel model = replace();
    StateRecord wrong = new StateRecord();
    wrong.put("domains", domains(model.state().save()).replace("vcpus", "vcpuz").getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(StateMismatch.class, () -> model.state().restore(wrong));
  }

  /** A guest that does anything: nothing is thrown, and another version that takes over changes nothing. */
  @Test
  void theSameGuestSeesTheSameWhateverIsReplaced() {
    for (int seed = 1; seed <= 3; seed++) {
      WildGuest alone = new WildGuest(seed);
      WildGuest changing = new WildGuest(seed);
      int interrupts = 0;
      for (int i = 0; i < 4000; i++) {
        List<Object> seen = alone.step();
        assertEquals(seen, changing.step(), "seed " + seed + ", step " + i);
        interrupts += seen.contains(true) ? 1 : 0;
        if (i % 50 == 0) {
          changing.bench.hypervisor.replace("vlapic", new VlapicComponent());
        }
      }
      assertTrue(interrupts > 300, "too few interrupts: " + interrupts);
    }
  }

  /** A domain whose virtual CPUs do what comes. */
  private static final class WildGuest {
    private final GuestBench bench = new GuestBench();
    private final List<FakeVcpu> vcpus = bench.hypervisor.domU(2, 3).vcpus();
    private final Random random;

    WildGuest(long seed) {
      random = new Random(seed);
    }

    /** The answer, and what the core finds and was told. */
    List<Object> step() {
      List<Object> seen = new ArrayList<>();
      seen.add(act(vcpus.get(random.nextInt(vcpus.size()))));
      for (FakeVcpu vcpu : vcpus) {
        seen.add(bench.pending(vcpu));
        seen.add(vcpu.interruptChanges());
        seen.add(vcpu.starts().size());
        seen.add(vcpu.blocked());
      }
      seen.add(bench.hypervisor.clock().nextDeadline());
      return seen;
    }

    private Object act(FakeVcpu vcpu) {
      int size = 1 << random.nextInt(4);
      int offset = random.nextBoolean() ? random.nextInt(0x1000) & -size : random.nextInt(0x40) << 4;
      long value = random.nextBoolean() ? random.nextInt(256) : random.nextLong();
      switch (random.nextInt(9)) {
        case 0 -> {
          return bench.window(vcpu, BASE).read(vcpu, BASE + offset, size);
        }
        case 1, 2 -> bench.window(vcpu, BASE).write(vcpu, BASE + offset, size, value);
        case 3 -> {
          int vector = bench.acknowledge(vcpu);
          bench.write(vcpu, GuestBench.EOI, 0);
          return vector;
        }
        case 4 -> {
          bench.write(vcpu, SVR, 0x1FF);
          bench.write(vcpu, LVT_TIMER, random.nextInt(4) << 17 | random.nextInt(256));
        }
        case 5 -> bench.advance(random.nextInt(100_000));
        case 6 -> {
          bench.interrupts().taskPriority(vcpu, random.nextInt(16));
          vcpu.block();
        }
        case 7 -> bench.interrupts().raise(vcpu, random.nextInt(256));
        default -> {
          return msr(vcpu, value);
        }
      }
      return "";
    }

    private Object msr(FakeVcpu vcpu, long value) {
      try {
        switch (random.nextInt(4)) {
          case 0 -> bench.wrmsr(vcpu, APIC_BASE, BASE | random.nextInt(4) << 10);
          case 1 -> bench.wrmsr(vcpu, DEADLINE, bench.hypervisor.clock().now() * 2 + random.nextInt(400_000));
          case 2 -> {
            return bench.rdmsr(vcpu, 0x800 + random.nextInt(0x40));
          }
          default -> bench.wrmsr(vcpu, 0x800 + random.nextInt(0x40), value);
        }
      } catch (MsrFault refused) {
        return "refused";
      }
      return "";
    }
  }
}
