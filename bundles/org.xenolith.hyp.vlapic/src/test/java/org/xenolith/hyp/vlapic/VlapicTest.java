// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.vlapic.GuestBench.APIC_BASE;
import static org.xenolith.hyp.vlapic.GuestBench.BASE;
import static org.xenolith.hyp.vlapic.GuestBench.ID;
import static org.xenolith.hyp.vlapic.GuestBench.SVR;
import static org.xenolith.hyp.vlapic.GuestBench.TPR;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GuestEvents;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestInterrupts;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeVcpu;

/** What guests and the core find: registers, identities, interrupts of domains among themselves. */
class VlapicTest {
  private static final int SELF = 1 << 18;
  private static final int ALL = 2 << 18;
  private static final int OTHERS = 3 << 18;
  private static final int LOGICAL = 1 << 11;

  private final GuestBench bench = new GuestBench();
  private final FakeDomain guest = bench.hypervisor.domU(2, 4);
  private final FakeDomain other = bench.hypervisor.domU(3, 2);
  private final FakeVcpu vcpu0 = guest.vcpu(0);
  private final FakeVcpu vcpu1 = guest.vcpu(1);
  private final FakeVcpu vcpu3 = guest.vcpu(3);

  @Test
  void eachVcpuFindsItsOwn() {
    bench.write(vcpu1, TPR, 0x50);
    assertEquals(0, bench.read(vcpu0, TPR));
    assertEquals(0x50, bench.read(vcpu1, TPR));
    assertEquals(5, bench.interrupts().taskPriority(vcpu1));
    assertEquals(0, bench.read(other.vcpu(1), TPR));
    assertEquals(BASE | 0x900, bench.rdmsr(vcpu0, APIC_BASE), "the bootstrap processor");
    assertEquals(BASE | 0x800, bench.rdmsr(vcpu1, APIC_BASE));
    bench.interrupts().taskPriority(vcpu0, 7);
    assertEquals(0x70, bench.read(vcpu0, TPR));
  }

  /** As Xen numbers them. */
  @Test
  void identitiesAreEven() {
    for (FakeVcpu vcpu : guest.vcpus()) {
      int id = 2 * vcpu.id();
      assertEquals((long) id << 24, bench.read(vcpu, ID));
      assertEquals(id << 24 | 0xFF_FFFF, bench.cpuid(vcpu, 1).ebx);
      assertEquals(id, bench.cpuid(vcpu, 0xB).edx);
      bench.x2apic(vcpu);
      assertEquals(id, bench.rdmsr(vcpu, 0x802));
    }
    assertEquals(0, bench.cpuid(vcpu1, 0xD).edx, "another leaf");
  }

  @Test
  void cpuidSaysWhatThereIs() {
    GuestBench.Answer answer = bench.cpuid(vcpu0, 1);
    assertEquals(1 << 9, answer.edx);
    assertEquals(1 << 21 | 1 << 24, answer.ecx);
    bench.wrmsr(vcpu0, APIC_BASE, BASE);
    assertEquals(0, bench.cpuid(vcpu0, 1).edx, "disabled");
    assertEquals(1 << 9, bench.cpuid(vcpu1, 1).edx);
  }

  @Test
  void thePageIsWhereTheModeIsThatOfMemory() {
    assertNull(bench.window(vcpu0, BASE - 1));
    assertNull(bench.window(vcpu0, BASE + 0x1000));
    bench.x2apic(vcpu0);
    assertEquals(0xFFFF_FFFFL, bench.read(vcpu0, SVR));
    bench.write(vcpu0, SVR, 0x1FF);
    assertEquals(0xFF, bench.rdmsr(vcpu0, 0x80F));
    assertEquals(0xFF, bench.read(vcpu1, SVR), "another one's mode is its own");
    bench.refuses(vcpu1, 0x802);
  }

  @Test
  void accessesOfOtherSizesHitNothingElse() {
    bench.write(vcpu0, SVR, 0x1F3);
    assertEquals(0xF3, bench.window(vcpu0, BASE).read(vcpu0, BASE + SVR, 1));
    assertEquals(1, bench.window(vcpu0, BASE).read(vcpu0, BASE + SVR + 1, 1));
    assertEquals(0x1F3, bench.window(vcpu0, BASE).read(vcpu0, BASE + SVR, 8));
    bench.window(vcpu0, BASE).write(vcpu0, BASE + TPR, 8, 0x7777_7777_0000_0030L);
    assertEquals(0x30, bench.read(vcpu0, TPR));
    assertEquals(0, bench.window(vcpu0, BASE).read(vcpu0, BASE + 0xFF8, 8));
  }

  @Test
  void aGuestInAContainerWithoutThemHasNone() {
    FakeDomain minimal = bench.hypervisor.create(7, new DomainSpec("minimal", new UUID(0, 7), 1, 16, DomainSpec.Kind.DOMU, 0, 256, 0)
        .withEmulation(0));
    FakeVcpu vcpu = minimal.vcpu(0);
    assertFalse(bench.interrupts().has(minimal));
    assertNull(bench.window(vcpu, BASE));
    bench.refuses(vcpu, APIC_BASE);
    bench.interrupts().raise(vcpu, 0x41);
    assertFalse(bench.interrupts().pending(vcpu));
    FakeDomain other = bench.hypervisor.create(8, new DomainSpec("other", new UUID(0, 8), 1, 16, DomainSpec.Kind.DOMU, 0, 256, 0)
        .withEmulation(
            EmulationFlags.ALL));
    assertTrue(bench.interrupts().has(other));
  }

  @Test
  void aDomainOfWhichNothingIsSaidHasWhatItsKindUsuallyHas() {
    assertEquals(0, EmulationFlags.answer(EmulationFlags.Guest.PVH, EmulationFlags.of(guest)));
    assertEquals(0, EmulationFlags.answer(EmulationFlags.Guest.PVH_HARDWARE, EmulationFlags.of(bench.hypervisor.dom0(1))));
    assertEquals(0, EmulationFlags.of(bench.hypervisor.service()));
  }

  @Test
  void theServiceDomainHasNone() {
    FakeVcpu service = bench.hypervisor.service().vcpu(0);
    FakeDomain dom0 = bench.hypervisor.dom0(1);
    GuestInterrupts interrupts = bench.interrupts();
    assertTrue(interrupts.has(guest));
    assertTrue(interrupts.has(dom0));
    assertFalse(interrupts.has(service.domain()));
    assertNull(bench.window(service, BASE));
    bench.refuses(service, APIC_BASE);
    bench.refuses(service, 0x802);
    interrupts.raise(service, 0x41);
    interrupts.taskPriority(service, 3);
    assertEquals(0, interrupts.taskPriority(service));
    assertFalse(interrupts.pending(service));
    assertEquals(-1, interrupts.acknowledge(service));
    assertEquals(0, bench.cpuid(service, 1).ecx);
  }

  @Test
  void aRaisedInterruptWaitsIsTakenAndEnds() {
    bench.interrupts().raise(vcpu1, 0x41);
    assertFalse(bench.pending(vcpu1), "software hasn't enabled it");
    bench.enable(vcpu1);
    int changes = vcpu1.interruptChanges();
    vcpu1.block();
    bench.interrupts().raise(vcpu1, 0x41);
    assertTrue(bench.pending(vcpu1));
    assertFalse(vcpu1.blocked());
    assertEquals(changes + 1, vcpu1.interruptChanges());
    assertEquals(0x41, bench.acknowledge(vcpu1));
    assertFalse(bench.pending(vcpu1), "it is in service");
    assertEquals(-1, bench.acknowledge(vcpu1));
    bench.interrupts().raise(vcpu1, 0x42);
    assertFalse(bench.pending(vcpu1), "not above what is in service");
    bench.write(vcpu1, GuestBench.EOI, 0);
    assertEquals(0x42, bench.acknowledge(vcpu1));
    assertEquals(0, vcpu0.interruptChanges());
  }

  /** SDM volume 3, 12.11: destination in bits 19:12, logical by bit 2; data as an entry of an I/O APIC. */
  @Test
  void messagesGoToWhomTheyMean() {
    bench.enable(vcpu0, vcpu1, vcpu3, other.vcpu(0));
    assertTrue(bench.interrupts().message(guest, BASE | 2 << 12, 0x41));
    assertEquals(0x41, bench.serve(vcpu1), "APIC id 2");
    assertFalse(bench.pending(vcpu0) || bench.pending(other.vcpu(0)));
    assertTrue(bench.interrupts().message(guest, BASE | 0xFF << 12, 0x42), "all");
    assertEquals(0x42, bench.serve(vcpu0));
    assertEquals(0x42, bench.serve(vcpu3));
    bench.write(vcpu3, 0xD0, 0x400_0000);
    assertTrue(bench.interrupts().message(guest, BASE | 4 << 12 | 4, 0x43), "logical");
    assertEquals(0x43, bench.serve(vcpu3));
    assertFalse(bench.pending(vcpu0));
    assertTrue(bench.interrupts().message(guest, BASE | 2 << 12, 0x500), "INIT");
    assertEquals(List.of("init"), vcpu1.starts());
  }

  @Test
  void messagesForNobodyAreLost() {
    bench.enable(vcpu0);
    assertFalse(bench.interrupts().message(guest, BASE | 1 << 12, 0x41), "no such APIC");
    assertFalse(bench.interrupts().message(guest, BASE - 4, 0x41));
    assertFalse(bench.interrupts().message(guest, BASE + (1 << 20), 0x41));
    assertFalse(bench.interrupts().message(guest, -1, 0x41));
    assertFalse(bench.interrupts().message(bench.hypervisor.service(), BASE, 0x41));
    assertFalse(bench.pending(vcpu0));
    bench.hypervisor.destroy(guest);
    assertFalse(bench.interrupts().message(guest, BASE, 0x41));
  }

  @Test
  void theEndOfALevelIsTold() {
    List<String> ends = new ArrayList<>();
    bench.interrupts().listen((domain, vector) -> ends.add(domain.id() + " " + vector), bench.hypervisor.context("vlapic"));
    bench.enable(vcpu0, vcpu1);
    bench.interrupts().message(guest, BASE | 2 << 12, 0xC041);
    bench.interrupts().message(guest, BASE, 0x42);
    assertEquals(0x41, bench.acknowledge(vcpu1));
    assertEquals(List.of(), ends, "it is in service");
    bench.write(vcpu1, GuestBench.EOI, 0);
    assertEquals(0x42, bench.serve(vcpu0));
    assertEquals(List.of("2 65"), ends, "an edge tells nobody");
    bench.write(vcpu1, GuestBench.EOI, 0);
    assertEquals(1, ends.size(), "nothing is in service");
  }

  /** An upcall by a vector of the virtual CPU's own that came before was lost: Xen tells again when software enables the local APIC, and Linux waits for it. */
  @Test
  void whoEnablesItIsToldOfEventsThatWait() {
    List<String> told = new ArrayList<>();
    bench.hypervisor.port(GuestEventsPort.class).attach(new GuestEvents() {
      @Override
      public void raise(Vcpu vcpu) {
        told.add(vcpu.domain().id() + " " + vcpu.id());
      }

      @Override
      public boolean deliverable(Vcpu vcpu) {
        return false;
      }
    }, bench.hypervisor.context("vlapic"));
    bench.hypervisor.port(EventChannelsPort.class).attach((EventChannels) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {EventChannels.class}, (proxy, method, arguments) -> arguments[0] == vcpu1), bench.hypervisor.context("vlapic"));
    bench.enable(vcpu0);
    assertEquals(List.of(), told, "none waits");
    bench.enable(vcpu1);
    assertEquals(List.of("2 1"), told);
    bench.write(vcpu1, SVR, 0xFF);
    assertEquals(1, told.size(), "it was disabled");
    bench.enable(vcpu1);
    assertEquals(2, told.size());
  }

  @Test
  void theTaskPriorityHoldsBack() {
    bench.enable(vcpu0);
    bench.interrupts().taskPriority(vcpu0, 4);
    bench.interrupts().raise(vcpu0, 0x4F);
    assertFalse(bench.pending(vcpu0));
    int changes = vcpu0.interruptChanges();
    bench.interrupts().taskPriority(vcpu0, 3);
    assertTrue(bench.pending(vcpu0));
    assertEquals(changes + 1, vcpu0.interruptChanges());
    bench.interrupts().taskPriority(vcpu0, 4);
    assertFalse(bench.pending(vcpu0));
    assertEquals(changes + 2, vcpu0.interruptChanges());
    bench.interrupts().taskPriority(vcpu0, 5);
    assertEquals(changes + 2, vcpu0.interruptChanges(), "nothing new");
  }

  @Test
  void interruptsGoToVcpusOfTheDomainOnly() {
    bench.enable(vcpu0, vcpu1, vcpu3, other.vcpu(0), other.vcpu(1));
    bench.command(vcpu0, 2, 0x41);
    assertEquals(0x41, bench.serve(vcpu1), "APIC id 2");
    bench.command(vcpu0, 1, 0x41);
    bench.command(vcpu0, 0xFF, 0x42);
    for (FakeVcpu vcpu : List.of(vcpu0, vcpu1, vcpu3)) {
      assertEquals(0x42, bench.serve(vcpu));
      assertEquals(-1, bench.serve(vcpu));
    }
    bench.command(vcpu1, 0, SELF | 0x43);
    bench.command(vcpu1, 0, OTHERS | 0x44);
    assertEquals(0x44, bench.serve(vcpu0));
    assertEquals(0x43, bench.serve(vcpu1));
    assertEquals(-1, bench.serve(vcpu1));
    assertEquals(0x44, bench.serve(vcpu3));
    bench.command(vcpu3, 0, ALL | 0x45);
    assertEquals(0x45, bench.serve(vcpu0));
    assertEquals(0x45, bench.serve(vcpu3));
    assertFalse(bench.pending(other.vcpu(0)) || bench.pending(other.vcpu(1)));
  }

  @Test
  void logicalDestinations() {
    bench.enable(vcpu0, vcpu1, vcpu3);
    bench.write(vcpu1, 0xD0, 0x200_0000);
    bench.command(vcpu0, 2, LOGICAL | 0x41);
    assertEquals(0x41, bench.serve(vcpu1));
    assertEquals(-1, bench.serve(vcpu0));
    bench.x2apic(vcpu3);
    bench.x2apic(vcpu0);
    assertEquals(1 << 6, bench.rdmsr(vcpu3, 0x80D), "APIC id 6");
    bench.wrmsr(vcpu0, 0x830, 1L << 38 | LOGICAL | 0x42);
    assertEquals(0x42, bench.acknowledge(vcpu3));
    bench.wrmsr(vcpu0, 0x83F, 0x43);
    assertEquals(0x43, bench.acknowledge(vcpu0), "self IPI");
  }

  @Test
  void aVcpuThatIsBroughtUpHearsInitAndStartUp() {
    bench.enable(vcpu1);
    bench.interrupts().raise(vcpu1, 0x41);
    bench.command(vcpu0, 2, 0xC500);
    bench.command(vcpu0, 2, 0x8500);
    bench.command(vcpu0, 2, 0x69A);
    assertEquals(List.of("init", "start-up 0x9a"), vcpu1.starts());
    assertFalse(bench.pending(vcpu1));
    assertEquals(0xFF, bench.read(vcpu1, SVR), "reset");
    assertEquals(List.of(), other.vcpu(1).starts());
    assertEquals(List.of(), vcpu0.starts());
  }

  @Test
  void whatNobodyCanBeToldIsReported() {
    for (int mode : new int[] {0x400, 0x200}) {
      bench.command(vcpu0, 2, mode);
    }
    assertEquals(List.of("nmi", "smi"), bench.hypervisor.context("vlapic").reportedEvents().stream().map(e -> e.kind()).toList());
    assertTrue(bench.hypervisor.context("vlapic").reportedEvents().getFirst().toString().contains("virtual CPU 1 of domain 2"));
    assertEquals(List.of(), vcpu1.starts());
  }

  /** VCPUOP_up, too. */
  @Test
  void aVcpuThatIsPoweredOnHasItAsAfterInit() {
    bench.enable(vcpu1);
    bench.x2apic(vcpu1);
    bench.wrmsr(vcpu1, 0x832, GuestBench.TSC_DEADLINE | 0xEF);
    bench.wrmsr(vcpu1, GuestBench.DEADLINE, 10_000);
    bench.interrupts().raise(vcpu1, 0x41);
    bench.hypervisor.port(ContextSwitchPort.class).reset(vcpu1);
    assertFalse(bench.pending(vcpu1));
    assertEquals(0xFF, bench.rdmsr(vcpu1, 0x80F));
    assertEquals(0, bench.rdmsr(vcpu1, GuestBench.DEADLINE));
    bench.advance(10_000);
    assertFalse(bench.pending(vcpu1));
  }

  @Test
  void aDomainThatIsGoneTakesThemWithIt() {
    bench.hypervisor.destroy(guest);
    assertFalse(bench.interrupts().has(guest));
    FakeDomain next = bench.hypervisor.domU(2, 1);
    assertEquals(0xFF, bench.read(next.vcpu(0), SVR));
    assertTrue(bench.interrupts().has(other));
  }
}
