// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.SharedInterrupt;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.XenErrno;

class VgicV2Test {
  private static final long GICD = 0x800_0000L;
  private static final int TIMER = 27;
  private static final int SPI = 40;

  private final SmallGicv2 hardware = new SmallGicv2(2);
  private final Rig rig = new Rig(hardware.cpus, hardware::irq, SmallGicv2.HARDWARE);
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final VirtualGicPort gic = rig.gic;
  private FakeDomain dom0;
  private FakeVcpu vcpu0;
  private FakeVcpu vcpu1;

  @BeforeEach
  void start() {
    rig.install();
    gic.start(hardware.cpus.get(0));
    gic.start(hardware.cpus.get(1));
    dom0 = hypervisor.dom0(2);
    vcpu0 = dom0.vcpu(0);
    vcpu1 = dom0.vcpu(1);
    rig.load(vcpu0, 0);
    hardware.guestOn(0);
    write(vcpu0, 0x000, 4, 1);
    for (int i = 0; i < SmallGicv2.LINES; i++) {
      write(vcpu0, 0x400 + i, 1, 0xA0);
    }
    write(vcpu0, 0x100, 4, -1);
  }

  private void write(Vcpu vcpu, int offset, int size, long value) {
    rig.write(vcpu, GICD + offset, size, value);
  }

  private long read(Vcpu vcpu, int offset, int size) {
    return rig.read(vcpu, GICD + offset, size);
  }

  @Test
  void anInjectedInterruptIsInAListRegisterAtOnce() {
    gic.inject(vcpu0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    assertEquals(1 << TIMER, read(vcpu0, 0x300, 4));
    hardware.guestEnds(0, TIMER);
    assertEquals(0, read(vcpu0, 0x300, 4));
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void aGuestHearsOfItsEventsByItsDomainsInterrupt() {
    GuestEventsPort events = hypervisor.port(GuestEventsPort.class);
    assertFalse(events.deliverable(vcpu0));
    events.raise(vcpu0);
    assertTrue(events.deliverable(vcpu0));
    assertEquals(dom0.eventInterrupt(), hardware.guestAcknowledges(0));
    hypervisor.remove("vgic");
    assertFalse(events.present());
  }

  @Test
  void whatComesAgainWhileItIsActiveIsTakenOnceMore() {
    gic.inject(vcpu0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    gic.inject(vcpu0, TIMER);
    gic.inject(vcpu0, TIMER);
    hardware.guestEnds(0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, TIMER);
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void aDisabledInterruptWaitsUntilItIsEnabled() {
    write(vcpu0, 0x180, 4, 1 << TIMER);
    gic.inject(vcpu0, TIMER);
    assertEquals(1023, hardware.guestAcknowledges(0));
    assertEquals(1 << TIMER, read(vcpu0, 0x200, 4));
    write(vcpu0, 0x100, 4, 1 << TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
  }

  @Test
  void disablingTakesAPendingInterruptBack() {
    gic.inject(vcpu0, TIMER);
    write(vcpu0, 0x180, 4, 1 << TIMER);
    assertEquals(1023, hardware.guestAcknowledges(0));
    assertEquals(1 << TIMER, read(vcpu0, 0x280, 4));
    write(vcpu0, 0x280, 4, 1 << TIMER);
    write(vcpu0, 0x100, 4, 1 << TIMER);
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void moreThanTheListRegistersHoldComeByMaintenanceInTheOrderOfPriority() {
    for (int i = 16; i < 32; i++) {
      write(vcpu0, 0x400 + i, 1, 0xF8 - (i - 16) * 8);
      gic.inject(vcpu0, i);
    }
    for (int i = 31; i >= 16; i--) {
      rig.serve(0);
      assertEquals(i, hardware.guestAcknowledges(0));
      hardware.guestEnds(0, i);
    }
    rig.serve(0);
    assertEquals(1023, hardware.guestAcknowledges(0));
    assertFalse(hardware.irq(0));
  }

  @Test
  void aLevelComesAgainUntilItFalls() {
    gic.level(vcpu0, 30, true);
    assertEquals(30, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, 30);
    rig.serve(0);
    assertEquals(30, hardware.guestAcknowledges(0));
    gic.level(vcpu0, 30, false);
    hardware.guestEnds(0, 30);
    rig.serve(0);
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void aLevelThatFellBeforeItWasTakenIsNotTaken() {
    gic.level(vcpu0, 30, true);
    gic.level(vcpu0, 30, false);
    assertEquals(1023, hardware.guestAcknowledges(0));
    gic.level(vcpu0, 30, true);
    assertEquals(30, hardware.guestAcknowledges(0));
  }

  @Test
  void softwareGeneratedInterruptsSayWhoSentThem() {
    rig.load(vcpu1, 1);
    hardware.guestOn(1);
    write(vcpu1, 0x100, 4, -1);
    write(vcpu0, 0xF00, 4, 1 << 24 | 5);
    write(vcpu1, 0xF00, 4, 2 << 24 | 5);
    assertEquals(5, hardware.guestAcknowledges(1));
    assertEquals(2 << 8, read(vcpu1, 0xF14, 4));
    hardware.guestEnds(1, 5);
    rig.serve(1);
    assertEquals(5 | 1 << 10, hardware.guestAcknowledges(1));
    hardware.guestEnds(1, 5 | 1 << 10);
    rig.serve(1);
    assertEquals(1023, hardware.guestAcknowledges(1));
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void aRoutedInterruptStaysActiveUntilTheGuestDeactivatesIt() {
    assertEquals(0, gic.route(dom0, SPI, false));
    assertFalse(hardware.enabled(0, SPI));
    write(vcpu0, 0xC08, 4, 2 << 16);
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    assertTrue(hardware.enabled(0, SPI));
    assertTrue(hardware.edge(SPI));
    hardware.raise(0, SPI);
    rig.serve(0);
    hardware.raise(0, SPI);
    assertFalse(hardware.irq(0));
    assertEquals(SPI, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, SPI);
    assertEquals(List.of(SPI), hardware.deactivated);
    rig.serve(0);
    assertEquals(SPI, hardware.guestAcknowledges(0));
    // As soon as the one before was ended: nobody has looked at the list registers since
    hardware.guestEnds(0, SPI);
    assertEquals(List.of(SPI, SPI), hardware.deactivated);
  }

  /** Of a level that several sources drive, the hypervisor looks at its own first. */
  @Test
  void aSharedInterruptReachesTheDomainOnlyIfThereIsMore() {
    boolean[] all = {true};
    List<Integer> served = new ArrayList<>();
    SharedInterrupt part = (cpu, intid) -> {
      served.add(intid);
      return all[0];
    };
    gic.claimShared(SPI, part, hypervisor.context("vgic"));
    assertEquals(0, gic.route(dom0, SPI, false));
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    hardware.raise(0, SPI);
    rig.serve(0);
    assertEquals(List.of(SPI), served);
    assertEquals(List.of(SPI), hardware.deactivated);
    assertEquals(1023, hardware.guestAcknowledges(0));
    all[0] = false;
    hardware.raise(0, SPI);
    rig.serve(0);
    assertEquals(SPI, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, SPI);
    assertEquals(List.of(SPI, SPI), hardware.deactivated);
    gic.releaseShared(SPI, part);
    hardware.raise(0, SPI);
    rig.serve(0);
    assertEquals(SPI, hardware.guestAcknowledges(0));
    assertEquals(List.of(SPI, SPI), served);
  }

  @Test
  void aRoutedInterruptSurvivesThatTheGuestMasksItMeanwhile() {
    gic.route(dom0, SPI, false);
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    hardware.raise(0, SPI);
    rig.serve(0);
    write(vcpu0, 0x184, 4, 1 << SPI - 32);
    assertFalse(hardware.enabled(0, SPI));
    assertEquals(1023, hardware.guestAcknowledges(0));
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    assertEquals(SPI, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, SPI);
    assertEquals(List.of(SPI), hardware.deactivated);
  }

  @Test
  void aDestroyedDomainLeavesNoPhysicalInterruptActive() {
    gic.route(dom0, SPI, false);
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    hardware.raise(0, SPI);
    rig.serve(0);
    rig.save(vcpu0);
    hypervisor.destroy(dom0);
    assertEquals(List.of(SPI), hardware.deactivated);
    assertFalse(hardware.enabled(0, SPI));
    assertEquals(0, gic.route(hypervisor.domU(3, 1), SPI, true));
  }

  @Test
  void nobodyGetsWhatAnotherHas() {
    FakeDomain other = hypervisor.domU(3, 1);
    assertEquals(0, gic.route(dom0, SPI, false));
    assertEquals(-XenErrno.XEN_EBUSY, gic.route(other, SPI, false));
    gic.claimHost(41, false, (cpu, intid) -> {}, hypervisor.context("vgic"));
    assertEquals(-XenErrno.XEN_EBUSY, gic.route(other, 41, false));
    assertEquals(-XenErrno.XEN_EINVAL, gic.route(other, 31, false));
    assertEquals(-XenErrno.XEN_EINVAL, gic.route(other, SmallGicv2.LINES, false));
  }

  @Test
  void hostInterruptsAreServedAndDeactivated() {
    int[] served = new int[1];
    gic.claimHost(TIMER, false, (cpu, intid) -> served[0] += intid + cpu.index(), hypervisor.context("vgic"));
    assertTrue(hardware.enabled(1, TIMER));
    hardware.raise(1, TIMER);
    rig.serve(1);
    assertEquals(TIMER + 1, served[0]);
    assertEquals(List.of(TIMER), hardware.deactivated);
  }

  @Test
  void anInterruptOfNobodyIsTurnedOff() {
    gic.hostInterrupt(TIMER, false, true);
    hardware.raise(0, TIMER);
    rig.serve(0);
    assertFalse(hardware.enabled(0, TIMER));
    assertEquals("unclaimed-interrupt", hypervisor.context("vgic").reportedEvents().getFirst().kind());
  }

  @Test
  void aKickEntersEl2AndIsGone() {
    gic.kick(hardware.cpus.get(1));
    assertTrue(hardware.irq(1));
    assertFalse(hardware.irq(0));
    rig.serve(1);
    assertFalse(hardware.irq(1));
  }

  @Test
  void whoIsNotLoadedIsWokenAndFindsItsInterruptWhenItComes() {
    rig.save(vcpu0);
    int before = vcpu0.wakes();
    assertFalse(gic.deliverable(vcpu0));
    gic.inject(vcpu0, TIMER);
    assertEquals(before + 1, vcpu0.wakes());
    assertTrue(gic.deliverable(vcpu0));
    assertEquals(1023, hardware.guestAcknowledges(0));
    rig.load(vcpu0, 1);
    assertEquals(TIMER, hardware.guestAcknowledges(1));
  }

  @Test
  void maskedInterruptsWakeNobody() {
    hardware.vmcr[0] = 20 << 27 | 1;
    rig.save(vcpu0);
    int before = vcpu0.wakes();
    gic.inject(vcpu0, TIMER);
    assertEquals(before, vcpu0.wakes());
    assertFalse(gic.deliverable(vcpu0));
  }

  @Test
  void activeInterruptsGoWithTheVcpu() {
    gic.inject(vcpu0, TIMER);
    hardware.guestAcknowledges(0);
    rig.save(vcpu0);
    assertEquals(0, hardware.hcr[0]);
    rig.load(vcpu1, 0);
    hardware.guestOn(0);
    assertEquals(1023, hardware.guestAcknowledges(0));
    rig.load(vcpu0, 1);
    assertEquals(31 << 27 | 1, hardware.vmcr[1]);
    hardware.guestEnds(1, TIMER);
    assertEquals(0, read(vcpu0, 0x300, 4));
  }

  @Test
  void sharedInterruptsGoToTheirTarget() {
    rig.load(vcpu1, 1);
    hardware.guestOn(1);
    assertEquals(1, read(vcpu0, 0x800 + SPI, 1));
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    gic.inject(vcpu0, SPI);
    write(vcpu0, 0x800 + SPI, 1, 2);
    assertEquals(1023, hardware.guestAcknowledges(0));
    assertEquals(SPI, hardware.guestAcknowledges(1));
    write(vcpu0, 0x800 + SPI, 1, 0);
    assertEquals(2, read(vcpu0, 0x800 + SPI, 1));
    assertEquals(0x0202_0202, read(vcpu1, 0x800, 4));
  }

  @Test
  void aStoppedDistributorForwardsNothing() {
    gic.inject(vcpu0, TIMER);
    write(vcpu0, 0, 4, 0);
    assertEquals(1023, hardware.guestAcknowledges(0));
    write(vcpu0, 0, 4, 1);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
  }

  @Test
  void identificationIsThatOfXensDistributor() {
    assertEquals(SmallGicv2.LINES / 32 - 1 | 1 << 5, read(vcpu0, 4, 4));
    assertEquals(0x43B, read(vcpu0, 8, 4));
    assertEquals(0x2B, read(vcpu0, 0xFE8, 4));
    assertEquals(0, read(vcpu0, 0x80, 4));
    write(vcpu0, 0x380, 4, -1);
  }

  @Test
  void theCpuInterfaceIsTheHardwaresVirtualOne() {
    FakeDomain guest = hypervisor.domU(3, 1);
    assertEquals(PageType.DEVICE, hypervisor.port(P2mPort.class).type(guest, 0x3002));
    assertEquals(PageType.DEVICE, hypervisor.port(P2mPort.class).type(guest, 0x3003));
    assertEquals(PageType.NONE, hypervisor.port(P2mPort.class).type(guest, 0x3004));
    assertEquals(PageType.DEVICE, hypervisor.port(P2mPort.class).type(dom0, 0x8010));
    assertEquals(new GicFacts(2, 0x300_1000, 0x1000, 0x300_2000, 0x2000, SmallGicv2.LINES), gic.facts(guest));
    assertEquals(new GicFacts(2, 0x800_0000, 0x1_0000, 0x801_0000, 0x1_0000, SmallGicv2.LINES), gic.facts(dom0));
  }

  @Test
  void aResetVcpuStartsWithoutWhatWasPending() {
    gic.inject(vcpu0, TIMER);
    hypervisor.port(ContextSwitchPort.class).reset(vcpu0);
    hardware.guestOn(0);
    assertEquals(1023, hardware.guestAcknowledges(0));
    gic.inject(vcpu0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
  }

  @Test
  void aHandOverUnderLoadLosesNothing() {
    gic.route(dom0, SPI, false);
    write(vcpu0, 0x400 + SPI, 1, 0xF0);
    write(vcpu0, 0x104, 4, 1 << SPI - 32);
    hardware.raise(0, SPI);
    rig.serve(0);
    for (int i = 16; i < 24; i++) {
      write(vcpu0, 0x400 + i, 1, (i - 16) * 8);
      gic.inject(vcpu0, i);
    }
    assertEquals(16, hardware.guestAcknowledges(0));
    rig.replace();
    hardware.guestEnds(0, 16);
    for (int i = 17; i < 24; i++) {
      assertEquals(i, hardware.guestAcknowledges(0));
      hardware.guestEnds(0, i);
      rig.serve(0);
    }
    assertEquals(SPI, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, SPI);
    assertEquals(SPI, (int) hardware.deactivated.getLast());
    gic.inject(vcpu0, 16);
    assertEquals(16, hardware.guestAcknowledges(0));
  }

  @Test
  void aRemovedOneGoesOnFromItsRecord() {
    gic.inject(vcpu0, TIMER);
    var record = hypervisor.remove("vgic");
    assertFalse(gic.present());
    gic.inject(vcpu0, TIMER);
    hypervisor.bringBack("vgic", rig.factory, record);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, TIMER);
    assertEquals(1023, hardware.guestAcknowledges(0));
    gic.inject(vcpu0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
  }

  @Test
  void eventsThatCameWhileItWasAwayAreTold() {
    var record = hypervisor.remove("vgic");
    vcpu0.loaded(null);
    vcpu0.info(SmallGicv2.MEMORY);
    hardware.memory.write(0, 1, 1);
    hypervisor.bringBack("vgic", rig.factory, record);
    gic.start(hardware.cpus.get(0));
    rig.load(vcpu0, 0);
    assertEquals(16, hardware.guestAcknowledges(0));
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void listRegistersThatNobodySavedAreReadBackWhenTheCpuStarts() {
    gic.inject(vcpu0, 20);
    assertEquals(20, hardware.guestAcknowledges(0));
    gic.inject(vcpu0, TIMER);
    var record = hypervisor.remove("vgic");
    assertTrue(hardware.irq(0), "the CPU must enter EL2 to find out");
    hardware.guestEnds(0, 20);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    vcpu0.loaded(null);
    hypervisor.bringBack("vgic", rig.factory, record);
    gic.start(hardware.cpus.get(0));
    rig.serve(0);
    assertEquals(0, hardware.hcr[0]);
    rig.load(vcpu0, 1);
    assertEquals(31 << 27 | 1, hardware.vmcr[1]);
    assertEquals(1 << TIMER, read(vcpu0, 0x300, 4));
    hardware.guestEnds(1, TIMER);
    assertEquals(1023, hardware.guestAcknowledges(1));
    gic.inject(vcpu0, 20);
    assertEquals(20, hardware.guestAcknowledges(1));
  }

  @Test
  void guestsChoicesNeverThrow() {
    java.util.Random random = new Random(0x5EED);
    for (int i = 0; i < 50_000; i++) {
      int size = 1 << random.nextInt(4);
      int offset = (random.nextInt(8) == 0 ? random.nextInt(0x1_0000) : random.nextInt(0x1000)) & -size;
      if (random.nextInt(4) == 0) {
        read(vcpu0, offset, size);
      } else {
        write(vcpu0, offset, size, random.nextLong());
      }
      if (random.nextInt(16) == 0) {
        int number = hardware.guestAcknowledges(0);
        if (number != 1023) {
          hardware.guestEnds(0, number);
        }
        rig.serve(0);
      }
    }
  }
}
