// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

class VgicV3Test {
  private static final long GICD = 0x300_1000L;
  private static final long GICR = 0x302_0000L;
  private static final long SGI_FRAME = 0x1_0000;
  private static final int TIMER = 27;
  private static final int SPI = 40;

  private final SmallGicv3 hardware = new SmallGicv3(2);
  private final Rig rig = new Rig(hardware.cpus, hardware::irq, SmallGicv3.HARDWARE);
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final VirtualGicPort gic = rig.gic;
  private FakeDomain domain;
  private FakeVcpu vcpu0;
  private FakeVcpu vcpu17;

  @BeforeEach
  void start() {
    rig.install();
    gic.start(hardware.cpus.get(0));
    gic.start(hardware.cpus.get(1));
    domain = hypervisor.domU(3, 18);
    vcpu0 = domain.vcpu(0);
    vcpu17 = domain.vcpu(17);
    rig.load(vcpu0, 0);
    hardware.guestOn(0);
    write(GICD, 4, 0x12);
    write(GICR + SGI_FRAME + 0x100, 4, 0xFFFF_FFFFL);
    write(GICD + 0x104, 4, 0xFFFF_FFFFL);
  }

  private void write(long ipa, int size, long value) {
    rig.write(vcpu0, ipa, size, value);
  }

  private long read(long ipa, int size) {
    return rig.read(vcpu0, ipa, size);
  }

  private void send(Vcpu from, long value) {
    hypervisor.port(SystemRegistersPort.class).register(IccRegister.ICC_SGI1R_EL1).handler()
        .write(from, IccRegister.ICC_SGI1R_EL1, value);
  }

  @Test
  void anInjectedInterruptIsOfGroup1() {
    gic.inject(vcpu0, TIMER);
    assertEquals(TIMER, hardware.guestAcknowledges(0));
    assertEquals(1 << TIMER, read(GICR + SGI_FRAME + 0x300, 4));
    hardware.guestEnds(0, TIMER);
    assertEquals(0, read(GICR + SGI_FRAME + 0x380, 4));
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
  void moreThanTheListRegistersHoldComeByMaintenance() {
    for (int i = 16; i < 32; i++) {
      write(GICR + SGI_FRAME + 0x400 + i, 1, (i - 16) * 8);
    }
    for (int i = 31; i >= 16; i--) {
      gic.inject(vcpu0, i);
    }
    for (int i = 16; i < 32; i++) {
      rig.serve(0);
      assertEquals(i, hardware.guestAcknowledges(0));
      hardware.guestEnds(0, i);
    }
    rig.serve(0);
    assertFalse(hardware.irq(0));
  }

  @Test
  void softwareGeneratedInterruptsGoByAffinity() {
    rig.load(vcpu17, 1);
    hardware.guestOn(1);
    write(GICR + 17 * 0x2_0000 + SGI_FRAME + 0x100, 4, 0xFFFF);
    send(vcpu0, 5L << 24 | 1L << 16 | 1 << 1);
    assertEquals(5, hardware.guestAcknowledges(1));
    assertEquals(1023, hardware.guestAcknowledges(0));
    hardware.guestEnds(1, 5);
    send(vcpu17, 7L << 24 | 1);
    assertEquals(7, hardware.guestAcknowledges(0));
    hardware.guestEnds(0, 7);
    send(vcpu0, 6L << 24 | 1L << 40);
    assertEquals(6, hardware.guestAcknowledges(1));
    assertEquals(1023, hardware.guestAcknowledges(0));
    send(vcpu0, 6L << 24 | 1L << 32 | 1);
    send(vcpu0, 6L << 24 | 1L << 44 | 1);
    assertEquals(1023, hardware.guestAcknowledges(0));
  }

  @Test
  void sharedInterruptsGoWhereTheyAreRouted() {
    rig.load(vcpu17, 1);
    hardware.guestOn(1);
    assertEquals(0, gic.route(domain, SPI, false));
    assertEquals(1, hardware.routes[SPI]);
    write(GICD + 0x6000 + SPI * 8, 8, 0x101);
    assertEquals(0x101, read(GICD + 0x6000 + SPI * 8, 8));
    assertTrue(hardware.enabled(0, SPI));
    hardware.raise(0, SPI);
    rig.serve(0);
    assertEquals(SPI, hardware.guestAcknowledges(1));
    hardware.guestEnds(1, SPI);
    assertEquals(List.of(SPI), hardware.deactivated);
    write(GICD + 0x6000 + SPI * 8, 4, 0);
    hardware.raise(0, SPI);
    rig.serve(0);
    assertEquals(SPI, hardware.guestAcknowledges(0));
  }

  @Test
  void redistributorsSayWhoseTheyAre() {
    assertEquals(0, read(GICR + 0xC, 4));
    assertEquals(0x101L << 32 | 17 << 8 | 0x10, read(GICR + 17 * 0x2_0000 + 8, 8));
    assertEquals(0, read(GICR + 0x14, 4));
    assertEquals(0x30, read(GICR + 0xFFE8, 4));
    assertEquals(0x30, read(GICD + 0xFFE8, 4));
    assertEquals(0x12, read(GICD, 4));
    assertEquals(SmallGicv3.LINES / 32 - 1, read(GICD + 4, 4) & 31);
    assertEquals(0, read(GICD + 0xC, 4));
    assertNull(hypervisor.port(GuestTrapsPort.class).window(domain, GICR + 18 * 0x2_0000));
    assertEquals(new GicFacts(3, GICD, 0x1_0000, GICR, 0x100_0000, SmallGicv3.LINES), gic.facts(domain));
  }

  @Test
  void theDistributorHasNoPrivateInterrupts() {
    write(GICD + 0x180, 4, 0xFFFF_FFFFL);
    assertEquals(0, read(GICD + 0x100, 4));
    assertEquals(0xFFFF_FFFFL, read(GICR + SGI_FRAME + 0x100, 4));
  }

  @Test
  void aKickEntersEl2OfThatCpuAlone() {
    gic.kick(hardware.cpus.get(1));
    assertTrue(hardware.irq(1));
    assertFalse(hardware.irq(0));
    rig.serve(1);
    assertFalse(hardware.irq(1));
  }

  @Test
  void hostInterruptsAreServed() {
    int[] served = new int[1];
    gic.claimHost(TIMER, false, (cpu, intid) -> served[0]++, hypervisor.context("vgic"));
    hardware.raise(1, TIMER);
    rig.serve(1);
    assertEquals(1, served[0]);
  }

  @Test
  void aHandOverUnderLoadLosesNothing() {
    for (int i = 16; i < 24; i++) {
      write(GICR + SGI_FRAME + 0x400 + i, 1, (i - 16) * 8);
      gic.inject(vcpu0, i);
    }
    assertEquals(16, hardware.guestAcknowledges(0));
    rig.replace();
    hardware.guestEnds(0, 16);
    for (int i = 17; i < 24; i++) {
      rig.serve(0);
      assertEquals(i, hardware.guestAcknowledges(0));
      hardware.guestEnds(0, i);
    }
    rig.save(vcpu0);
    gic.inject(vcpu0, 16);
    assertTrue(gic.deliverable(vcpu0));
    rig.load(vcpu0, 1);
    assertEquals(16, hardware.guestAcknowledges(1));
  }

  @Test
  void guestsChoicesNeverThrow() {
    Random random = new Random(0x5EED);
    for (int i = 0; i < 50_000; i++) {
      int size = 1 << random.nextInt(4);
      int range = random.nextInt(3);
      long ipa = range == 0 ? GICD + random.nextInt(0x1000) : range == 1 ? GICD + random.nextInt(0x1_0000)
          : GICR + random.nextInt(18 * 0x2_0000);
      ipa &= -size;
      if (random.nextInt(4) == 0) {
        read(ipa, size);
      } else {
        write(ipa, size, random.nextLong());
      }
      send(vcpu0, random.nextLong());
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
