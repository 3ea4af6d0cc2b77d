// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.SystemCounter;
import org.xenolith.arm.api.SystemCounterPort;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeNode;

class GenericTimerTest {
  private static final int CNTFRQ = SystemRegister.id(3, 3, 14, 0, 0);
  private static final int CNTPCT = SystemRegister.id(3, 3, 14, 0, 1);
  private static final int CNTVCT = SystemRegister.id(3, 3, 14, 0, 2);
  private static final int CNTP_TVAL = SystemRegister.id(3, 3, 14, 2, 0);
  private static final int CNTP_CTL = SystemRegister.id(3, 3, 14, 2, 1);
  private static final int CNTP_CVAL = SystemRegister.id(3, 3, 14, 2, 2);
  private static final int CNTV_TVAL = SystemRegister.id(3, 3, 14, 3, 0);
  private static final int CNTV_CTL = SystemRegister.id(3, 3, 14, 3, 1);
  private static final int CNTV_CVAL = SystemRegister.id(3, 3, 14, 3, 2);
  private static final int CNTKCTL = SystemRegister.id(3, 0, 14, 1, 0);
  private static final int CNTVOFF = SystemRegister.id(3, 4, 14, 0, 3);
  private static final int CNTHCTL = SystemRegister.id(3, 4, 14, 1, 0);
  private static final int CNTHP_CTL = SystemRegister.id(3, 4, 14, 2, 1);
  private static final int CNTHP_CVAL = SystemRegister.id(3, 4, 14, 2, 2);
  private static final int PFR0 = SystemRegister.id(3, 0, 0, 4, 0);

  private FakeContext context;
  private DeviceModel model;
  private FakeCpu cpu;

  @BeforeEach
  void start() {
    start(0x11);
  }

  private void start(long pfr0) {
    context = new FakeContext(node().build(), 2);
    context.cpus().forEach(c -> c.systemRegister(PFR0, pfr0));
    model = context.create(new GenericTimerComponent());
    cpu = context.cpus().get(0);
  }

  private static FakeNode node() {
    return FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt("/intc", 1, 13, 0x104)
        .interrupt("/intc", 1, 14, 0x104).interrupt("/intc", 1, 11, 0x104).interrupt("/intc", 1, 10, 0x104);
  }

  @Test
  void otherModelsCountByTheSystemCounter() {
    SystemCounterPort port = context.port(SystemCounterPort.NODE, SystemCounterPort.class);
    SystemCounter counter = port.counter();
    assertEquals(62_500_000, counter.hertz());
    context.clock().advance(1_000_000);
    assertEquals(62_500, counter.count());
    assertEquals(cpu.mrs(CNTPCT), counter.count());
    cpu.msr(CNTFRQ, 1000);
    assertEquals(62_500_000, counter.hertz(), "CNTFRQ_EL0 only tells");
    assertEquals(2_000_000, counter.nanoseconds(125_000));
    assertEquals(Long.MAX_VALUE, counter.nanoseconds(-1));
    model.removed();
    assertNull(port.counter());
  }

  @Test
  void aCounterThatGoesLeavesOneThatCameMeanwhile() {
    SystemCounterPort port = context.port(SystemCounterPort.NODE, SystemCounterPort.class);
    FakeContext other = new FakeContext(node().build(), 1);
    other.create(new GenericTimerComponent());
    SystemCounter later = other.port(SystemCounterPort.NODE, SystemCounterPort.class).counter();
    port.connect(later);
    model.removed();
    assertSame(later, port.counter());
  }

  private FakeLine line(int index, int ofCpu) {
    return context.interrupt(index, ofCpu);
  }

  @Test
  void countersCountVirtualTime() {
    assertEquals(62_500_000, cpu.mrs(CNTFRQ));
    assertEquals(0, cpu.mrs(CNTVCT));
    context.clock().advance(15);
    assertEquals(0, cpu.mrs(CNTVCT));
    context.clock().advance(1);
    assertEquals(1, cpu.mrs(CNTVCT));
    context.clock().advance(1_000_000_000);
    assertEquals(62_500_001, cpu.mrs(CNTPCT));
  }

  @Test
  void nodeFrequencyWins() {
    context = new FakeContext(node().cells("clock-frequency", 24_000_000).build());
    context.create(new GenericTimerComponent());
    assertEquals(24_000_000, context.cpus().get(0).mrs(CNTFRQ));
    context.clock().advance(1_000_000_000);
    assertEquals(24_000_000, context.cpus().get(0).mrs(CNTVCT));
  }

  /** What an engine may count on: nothing but a constant is between two reads besides the time. */
  @Test
  void onlyCountersSayHowOftenTheyCount() {
    assertEquals(62_500_000, cpu.frequency(CNTVCT));
    assertEquals(62_500_000, cpu.frequency(CNTPCT));
    for (int id : cpu.claimedRegisters()) {
      assertEquals(id == CNTVCT || id == CNTPCT ? 62_500_000 : 0, cpu.frequency(id));
    }
  }

  @Test
  void outputRisesExactlyAtTheCompareValue() {
    cpu.msr(CNTV_CVAL, 1000);
    cpu.msr(CNTV_CTL, 1);
    assertFalse(line(2, 0).level());
    assertEquals(1, cpu.mrs(CNTV_CTL));
    context.clock().advanceTo(15_999);
    assertFalse(line(2, 0).level());
    context.clock().advanceTo(16_000);
    assertTrue(line(2, 0).level());
    assertFalse(line(2, 1).level(), "the other CPU's");
    assertEquals(5, cpu.mrs(CNTV_CTL), "ISTATUS");
    cpu.msr(CNTV_CTL, 3);
    assertFalse(line(2, 0).level());
    assertEquals(7, cpu.mrs(CNTV_CTL), "masked, status still visible");
    cpu.msr(CNTV_CTL, 1);
    assertTrue(line(2, 0).level());
    cpu.msr(CNTV_CVAL, 2000);
    assertFalse(line(2, 0).level(), "a later time lowers the level at once");
    cpu.msr(CNTV_CTL, 0);
    context.clock().advance(1_000_000);
    assertFalse(line(2, 0).level());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline(), "nothing stays armed");
  }

  @Test
  void timerValueIsASignedDistance() {
    context.clock().advance(1_600_000);
    cpu.msr(CNTP_TVAL, 50);
    assertEquals(100_050, cpu.mrs(CNTP_CVAL));
    assertEquals(50, cpu.mrs(CNTP_TVAL));
    cpu.msr(CNTP_CTL, 1);
    context.clock().advance(1_600);
    assertEquals(0xFFFF_FFCEL, cpu.mrs(CNTP_TVAL), "-50");
    assertTrue(line(1, 0).level());
    cpu.msr(CNTP_TVAL, 0xFFFF_FFFFL);
    assertEquals(100_099, cpu.mrs(CNTP_CVAL));
    assertTrue(line(1, 0).level());
  }

  @Test
  void compareValuesBeyondTimeNeverFire() {
    for (long far : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62}) {
      cpu.msr(CNTV_CVAL, far);
      cpu.msr(CNTV_CTL, 1);
      context.clock().advance(1_000_000_000_000L);
      assertFalse(line(2, 0).level(), Long.toHexString(far));
    }
  }

  @Test
  void userAccessNeedsPermission() {
    cpu.exceptionLevel(0);
    for (int id : new int[] {CNTFRQ, CNTPCT, CNTVCT, CNTP_CTL, CNTP_TVAL, CNTV_CTL, CNTV_CVAL}) {
      assertSame(SystemRegisterTrap.TO_EL1, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(id)));
    }
    cpu.exceptionLevel(1);
    cpu.msr(CNTKCTL, 2);
    cpu.exceptionLevel(0);
    cpu.mrs(CNTVCT);
    cpu.mrs(CNTFRQ);
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(CNTPCT));
    cpu.exceptionLevel(1);
    cpu.msr(CNTKCTL, 1 << 8 | 1 << 9 | 1);
    cpu.exceptionLevel(0);
    cpu.mrs(CNTPCT);
    cpu.msr(CNTV_CTL, 1);
    cpu.msr(CNTP_CTL, 1);
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(CNTVCT));
  }

  @Test
  void frequencyIsWritableAtTheHighestLevelOnly() {
    cpu.exceptionLevel(0);
    assertSame(SystemRegisterTrap.UNDEFINED, assertThrows(SystemRegisterTrap.class, () -> cpu.msr(CNTFRQ, 1)));
    cpu.exceptionLevel(1);
    cpu.msr(CNTFRQ, 1);
    assertEquals(1, cpu.mrs(CNTFRQ));
    assertSame(SystemRegisterTrap.UNDEFINED, assertThrows(SystemRegisterTrap.class, () -> cpu.msr(CNTVCT, 1)));
  }

  @Test
  void withoutEl2ItsRegistersAreUndefined() {
    for (int id : new int[] {CNTVOFF, CNTHCTL, CNTHP_CTL}) {
      assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(id));
    }
  }

  @Test
  void virtualOffsetMovesTheVirtualCounter() {
    start(0x111);
    context.clock().advance(16_000);
    cpu.exceptionLevel(2);
    cpu.msr(CNTVOFF, 400);
    assertEquals(600, cpu.mrs(CNTVCT));
    cpu.msr(CNTV_CVAL, 700);
    cpu.msr(CNTV_CTL, 1);
    cpu.msr(CNTHP_CVAL, 1050);
    cpu.msr(CNTHP_CTL, 1);
    context.clock().advance(800);
    assertTrue(line(3, 0).level());
    assertFalse(line(2, 0).level());
    context.clock().advance(800);
    assertTrue(line(2, 0).level());
    cpu.msr(CNTVOFF, 2000);
    assertTrue(line(2, 0).level(), "the virtual count is 2⁶⁴ - 900");
    context.clock().advance(900 * 16);
    assertFalse(line(2, 0).level(), "it wrapped");
    context.clock().advance(700 * 16);
    assertTrue(line(2, 0).level());
  }

  @Test
  void hypervisorControlsPhysicalAccess() {
    start(0x111);
    cpu.exceptionLevel(1);
    cpu.mrs(CNTPCT);
    cpu.exceptionLevel(2);
    cpu.msr(CNTHCTL, 0);
    cpu.mrs(CNTPCT);
    cpu.exceptionLevel(1);
    assertSame(SystemRegisterTrap.TO_EL2, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(CNTPCT)));
    assertSame(SystemRegisterTrap.TO_EL2, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(CNTP_CTL)));
    cpu.mrs(CNTVCT);
    cpu.exceptionLevel(2);
    cpu.msr(CNTHCTL, 3);
    cpu.exceptionLevel(1);
    cpu.mrs(CNTP_CTL);
  }

  @Test
  void eventStreamEndsWaits() {
    cpu.msr(CNTKCTL, 1 << 2 | 12 << 4);
    context.clock().advance(8192 * 16 * 10L);
    assertEquals(10, cpu.events());
    assertEquals(0, context.cpus().get(1).events());
    cpu.msr(CNTKCTL, 0);
    context.clock().advance(8192 * 16 * 10L);
    assertEquals(10, cpu.events());
  }

  @Test
  void fastEventStreamsAreSlowedDown() {
    cpu.msr(CNTKCTL, 1 << 2);
    context.clock().advance(64 * 16 * 100L);
    assertEquals(100, cpu.events());
  }

  @Test
  void handOverKeepsTimersRunning() {
    cpu.msr(CNTV_CVAL, 1000);
    cpu.msr(CNTV_CTL, 1);
    FakeCpu second = context.cpus().get(1);
    second.msr(CNTV_CTL, 1);
    assertTrue(line(2, 1).level());
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new GenericTimerComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    assertTrue(next.interrupt(2, 1).level());
    next.clock().advance(16_000);
    assertTrue(next.interrupt(2, 0).level());
  }

  @Test
  void timersWithoutWiresStillAnswer() {
    context = new FakeContext(FakeNode.at("/timer").compatible("arm,armv8-timer").build());
    context.create(new GenericTimerComponent());
    cpu = context.cpus().get(0);
    cpu.msr(CNTV_CTL, 1);
    assertEquals(5, cpu.mrs(CNTV_CTL));
  }
}
