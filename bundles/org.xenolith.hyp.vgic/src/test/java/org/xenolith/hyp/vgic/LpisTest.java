// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

class LpisTest {
  private static final long GICD = 0x300_1000L;
  private static final long GICR = 0x302_0000L;
  private static final long FRAMES = 0x2_0000;
  private static final long TABLE = FakeHypervisor.GUEST_RAM;
  private static final long PENDING = FakeHypervisor.GUEST_RAM + 0x2_0000;
  private static final int LPI = 8192;

  private final SmallGicv3 hardware = new SmallGicv3(2);
  private final Rig rig = new Rig(hardware.cpus, hardware::irq, SmallGicv3.HARDWARE);
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final VirtualGicPort gic = rig.gic;
  private FakeDomain domain;
  private FakeVcpu vcpu0;
  private FakeVcpu vcpu1;

  @BeforeEach
  void start() {
    hardware.memory = hypervisor.machine();
    hardware.lpis = true;
    rig.install();
    gic.start(hardware.cpus.get(0));
    domain = hypervisor.domU(3, 2);
    vcpu0 = domain.vcpu(0);
    vcpu1 = domain.vcpu(1);
    assertTrue(gic.giveLpis(domain));
    rig.load(vcpu0, 0);
    hardware.guestOn(0);
    write(GICD, 4, 0x12);
    enable(0);
    enable(1);
  }

  private void enable(int vcpu) {
    long frame = GICR + vcpu * FRAMES;
    write(frame + 0x70, 8, TABLE | 0x780 | 15);
    write(frame + 0x78, 8, PENDING | 0x780 | 1L << 62);
    write(frame, 4, 1);
  }

  private void write(long ipa, int size, long value) {
    rig.write(vcpu0, ipa, size, value);
  }

  private long read(long ipa, int size) {
    return rig.read(vcpu0, ipa, size);
  }

  private void configure(int lpi, int value) {
    domain.memory().write8(TABLE + lpi - LPI, (byte) value);
  }

  private int take(int cpu) {
    int number = hardware.guestAcknowledges(cpu);
    if (number != 1023) {
      hardware.guestEnds(cpu, number);
    }
    return number;
  }

  @Test
  void onlyAGivenDomainSeesThem() {
    assertEquals(1 << 17, read(GICD + 4, 4) & 1 << 17);
    assertEquals(1, read(GICR + 8, 4) & 1);
    assertEquals(1, read(GICR, 4));
    assertEquals(TABLE | 0x780 | 15, read(GICR + 0x70, 8));
    assertEquals(PENDING | 0x780, read(GICR + 0x78, 8));
    FakeDomain other = hypervisor.domU(4, 1);
    var frame = hypervisor.port(GuestTrapsPort.class).window(other, GICR).handler();
    assertEquals(0, frame.read(other.vcpu(0), GICR + 8, 4) & 1);
    frame.write(other.vcpu(0), GICR, 4, 1);
    assertEquals(0, frame.read(other.vcpu(0), GICR, 4));
    gic.inject(other.vcpu(0), LPI);
    assertFalse(gic.deliverable(other.vcpu(0)));
  }

  @Test
  void hardwareWithoutThemGivesNone() {
    hardware.lpis = false;
    FakeHypervisor second = new FakeHypervisor(2);
    second.install("vgic", rig.factory);
    assertFalse(second.port(VirtualGicPort.class).giveLpis(second.domU(3, 1)));
  }

  @Test
  void theyComeByPriorityAndWithoutAnActiveState() {
    configure(LPI + 1, 0xA1);
    configure(LPI + 2, 0x41);
    gic.inject(vcpu0, LPI + 1);
    gic.inject(vcpu0, LPI + 2);
    assertEquals(LPI + 2, hardware.guestAcknowledges(0));
    // Comes again while the guest still handles it.
    gic.inject(vcpu0, LPI + 2);
    hardware.guestEnds(0, LPI + 2);
    assertEquals(LPI + 2, take(0));
    assertEquals(LPI + 1, take(0));
    assertEquals(1023, take(0));
  }

  @Test
  void aGuestThatNeverDeactivatesThemGetsThemAgain() {
    configure(LPI, 0xA1);
    for (int i = 0; i < 10; i++) {
      gic.inject(vcpu0, LPI);
      assertEquals(LPI, hardware.guestAcknowledges(0), "time " + i);
    }
  }

  @Test
  void twiceBeforeItIsTakenIsOnce() {
    configure(LPI, 0xA1);
    gic.inject(vcpu0, LPI);
    gic.inject(vcpu0, LPI);
    assertEquals(LPI, take(0));
    gic.deliverable(vcpu0);
    assertEquals(1023, take(0));
  }

  @Test
  void moreThanTheListRegistersHoldAllCome() {
    for (int i = 0; i < 20; i++) {
      configure(LPI + i, i * 8 | 1);
      gic.inject(vcpu0, LPI + i);
    }
    for (int i = 0; i < 20; i++) {
      assertEquals(LPI + i, take(0));
      rig.serve(0);
    }
    assertEquals(1023, take(0));
  }

  @Test
  void oneThatIsDisabledWaitsForItsConfiguration() {
    configure(LPI, 0xA0);
    gic.inject(vcpu0, LPI);
    assertEquals(1023, take(0));
    configure(LPI, 0xA1);
    assertEquals(1023, take(0));
    gic.reloadLpi(domain, LPI);
    assertEquals(LPI, take(0));
    gic.inject(vcpu0, LPI);
    configure(LPI, 0xA0);
    gic.reloadLpis(vcpu0);
    assertEquals(1023, take(0));
    configure(LPI, 0xA1);
    gic.reloadLpis(vcpu0);
    assertEquals(LPI, take(0));
  }

  @Test
  void clearedAndMovedOnesAreGone() {
    configure(LPI, 0xA1);
    configure(LPI + 1, 0xA1);
    gic.inject(vcpu0, LPI);
    gic.clearLpi(domain, LPI);
    assertEquals(1023, take(0));
    gic.inject(vcpu0, LPI);
    gic.inject(vcpu0, LPI + 1);
    gic.moveLpi(vcpu1, LPI);
    assertEquals(LPI + 1, take(0));
    assertEquals(1023, take(0));
    gic.inject(vcpu0, LPI + 1);
    gic.moveLpis(vcpu0, vcpu1);
    assertEquals(1023, take(0));
    rig.save(vcpu0);
    rig.load(vcpu1, 0);
    hardware.guestOn(0);
    assertEquals(LPI, take(0));
    assertEquals(LPI + 1, take(0));
  }

  @Test
  void aVirtualCpuThatIsAwayIsWoken() {
    configure(LPI, 0xA1);
    rig.save(vcpu0);
    vcpu0.block();
    gic.inject(vcpu0, LPI);
    assertTrue(gic.deliverable(vcpu0));
    rig.load(vcpu0, 0);
    assertEquals(LPI, take(0));
  }

  @Test
  void thePendingTableIsReadUnlessItIsZero() {
    FakeDomain other = hypervisor.domU(5, 1);
    assertTrue(gic.giveLpis(other));
    other.memory().write8(PENDING + (LPI + 5) / 8, (byte) (1 << 5));
    other.memory().write8(TABLE + 5, (byte) 0xA1);
    var frame = hypervisor.port(GuestTrapsPort.class).window(other, GICR).handler();
    frame.write(other.vcpu(0), GICD, 4, 0x12);
    frame.write(other.vcpu(0), GICR + 0x70, 8, TABLE | 15);
    frame.write(other.vcpu(0), GICR + 0x78, 8, PENDING);
    hypervisor.port(GuestTrapsPort.class).window(other, GICD).handler().write(other.vcpu(0), GICD, 4, 0x12);
    frame.write(other.vcpu(0), GICR, 4, 1);
    rig.save(vcpu0);
    rig.load(other.vcpu(0), 0);
    hardware.guestOn(0);
    assertEquals(LPI + 5, take(0));
  }

  @Test
  void theMachinesOnesAreServedOnEachCpu() {
    List<Integer> served = new ArrayList<>();
    gic.claimHostLpis((cpu, intid) -> served.add(intid), hypervisor.context("vgic"));
    assertEquals(1, hardware.lpiRegisters[0][0]);
    gic.start(hardware.cpus.get(1));
    assertEquals(1, hardware.lpiRegisters[1][0]);
    assertNotEquals(hardware.lpiRegisters[0][0x78], hardware.lpiRegisters[1][0x78]);
    assertEquals(hardware.lpiRegisters[0][0x70], hardware.lpiRegisters[1][0x70]);
    long table = hardware.lpiRegisters[0][0x70] & 0xFFFF_F000L | (long) hardware.lpiRegisters[0][0x74] << 32;
    assertEquals((byte) 0xA1, hypervisor.memory().read8(table));
    assertEquals((byte) 0xA1, hypervisor.memory().read8(table + 0xDFFF));
    hardware.raiseLpi(1, 8200);
    gic.interrupt(hardware.cpus.get(1));
    assertEquals(List.of(8200), served);
    assertFalse(hardware.irq(1));
  }

  @Test
  void aHandOverUnderLoadLosesNone() {
    for (int i = 0; i < 12; i++) {
      configure(LPI + i, i * 8 | 1);
      gic.inject(vcpu0, LPI + i);
    }
    configure(LPI + 12, 0xA0);
    gic.inject(vcpu0, LPI + 12);
    int[] before = hardware.lpiRegisters[0].clone();
    rig.replace();
    assertArrayEquals(before, hardware.lpiRegisters[0]);
    configure(LPI + 12, 0xA1);
    gic.reloadLpi(domain, LPI + 12);
    for (int i = 0; i < 13; i++) {
      assertEquals(LPI + i, take(0));
      rig.serve(0);
    }
    assertEquals(1, read(GICR, 4));
  }

  @Test
  void guestsChoicesNeverThrow() {
    Random random = new Random(0x1715);
    for (int i = 0; i < 20_000; i++) {
      FakeVcpu vcpu = domain.vcpu(random.nextInt(2));
      int lpi = random.nextInt(8) == 0 ? random.nextInt() : LPI + random.nextInt(40);
      configure(LPI + random.nextInt(40), random.nextInt());
      switch (random.nextInt(8)) {
        case 0 -> gic.clearLpi(domain, lpi);
        case 1 -> gic.reloadLpi(domain, lpi);
        case 2 -> gic.reloadLpis(vcpu);
        case 3 -> gic.moveLpi(vcpu, lpi);
        case 4 -> gic.moveLpis(vcpu, domain.vcpu(random.nextInt(2)));
        case 5 -> write(GICR + random.nextInt(2) * FRAMES + random.nextInt(0x80) / 4 * 4, 4, random.nextLong());
        default -> gic.inject(vcpu, lpi);
      }
      if (random.nextInt(4) == 0) {
        take(0);
      }
      if (random.nextInt(64) == 0) {
        rig.replace();
      }
      if (random.nextInt(64) == 0) {
        FakeVcpu on = vcpu0.loaded() == null ? vcpu1 : vcpu0;
        rig.save(on);
        rig.load(on == vcpu0 ? vcpu1 : vcpu0, 0);
      }
      assertTrue(gic.present(), "the port's provider threw");
    }
  }
}
