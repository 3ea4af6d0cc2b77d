// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.x64.api.MsrFault;

/** What an APIC asks of its surroundings, and what it has in its state. What it does for a guest is tested where it is a device ({@code hw.lapic}). */
class LocalApicTest {
  private static final LapicFeatures ALL = new LapicFeatures(true, true, true);
  private static final int TPR = 0x80;
  private static final int EOI = 0xB0;
  private static final int SVR = 0xF0;
  private static final int LVT_TIMER = 0x320;
  private static final int LVT_PERFORMANCE = 0x340;
  private static final int INITIAL = 0x380;
  private static final int DIVIDE = 0x3E0;
  private static final int BY_1 = 0xB;

  private final LocalApic[] apics = new LocalApic[2];
  private final RecordingSurroundings[] around = {new RecordingSurroundings(), new RecordingSurroundings()};
  private final DeviceState[] states = {new DeviceState(), new DeviceState()};
  private final LapicFabric fabric = new LapicFabric(ALL, RegisterFaults.NONE, apics);

  LocalApicTest() {
    for (int i = 0; i < apics.length; i++) {
      apics[i] = make(i, states[i], around[i]);
      apics[i].reset();
      apics[i].writeMemory(SVR, 0x1FF);
    }
  }

  private LocalApic make(int id, DeviceState state, RecordingSurroundings surroundings) {
    return new LocalApic("apic", state, RegisterFaults.NONE, id, ALL, new LapicClock(1_000_000_000), fabric, surroundings);
  }

  @Test
  void anInterruptThatWaitsIsPendingUntilItIsTaken() {
    assertFalse(apics[0].pending());
    assertNull(fabric.message(0, 0x41));
    assertTrue(apics[0].pending());
    assertTrue(around[0].interrupt);
    apics[0].writeMemory(TPR, 0x40);
    assertFalse(apics[0].pending(), "its class is held back");
    apics[0].writeMemory(TPR, 0);
    assertEquals(0x41, apics[0].acknowledge());
    assertFalse(apics[0].pending());
    assertFalse(around[0].interrupt);
    apics[0].silence();
    assertEquals(List.of(), around[0].told);
  }

  @Test
  void nothingIsTakenIfNothingWaits() {
    assertEquals(-1, apics[0].take());
    assertEquals(0xFF, apics[0].acknowledge(), "the spurious interrupt");
    fabric.message(0, 0x41);
    assertEquals(0x41, apics[0].take());
    assertEquals(-1, apics[0].take());
  }

  @Test
  void initLeavesTheMode() {
    LapicMsrs msrs = new LapicMsrs(apics[1], ALL, LapicPlace.fixed(0xFEE0_0000L), RegisterFaults.NONE);
    msrs.write(LapicMsrs.IA32_APIC_BASE, 0xFEE0_0C00L);
    fabric.message(1 << 12, 0x41);
    apics[1].init();
    assertEquals(LocalApic.X2APIC, apics[1].mode());
    assertFalse(around[1].interrupt);
    assertEquals(0xFF, msrs.read(0x80F));
    assertEquals(List.of(), around[1].told);
  }

  @Test
  void anInterruptOfThePerformanceMonitorIsWhatItsEntrySaysAndMasksIt() {
    apics[0].performanceInterrupt();
    assertEquals(List.of(), around[0].told, "masked, as after reset");
    apics[0].writeMemory(LVT_PERFORMANCE, 0x400);
    apics[0].performanceInterrupt();
    assertEquals(List.of("nmi"), around[0].told);
    assertEquals(0x1_0400, apics[0].readMemory(LVT_PERFORMANCE), "masked by the interrupt");
    apics[0].performanceInterrupt();
    assertEquals(List.of("nmi"), around[0].told);
    apics[0].writeMemory(LVT_PERFORMANCE, 0x51);
    apics[0].performanceInterrupt();
    assertEquals(0x51, apics[0].take());
    // An ExtINT has its vector from elsewhere; the entry of the monitor can't be one.
    apics[0].writeMemory(LVT_PERFORMANCE, 0x700);
    apics[0].performanceInterrupt();
    assertEquals(List.of("nmi", "not delivered 7"), around[0].told);
  }

  @Test
  void theEndOfALevelIsTold() {
    fabric.message(0, 0xC061);
    apics[0].acknowledge();
    apics[0].writeMemory(EOI, 0);
    assertEquals(List.of("ended 61"), around[0].told);
  }

  @Test
  void whatIsSentToAnotherIsTheOthersCpusBusiness() {
    for (int command : new int[] {0x4500, 0x69A, 0x400, 0x200}) {
      apics[0].writeMemory(0x310, 0x100_0000);
      apics[0].writeMemory(0x300, command);
    }
    assertEquals(List.of("init", "start-up 9a", "nmi", "not delivered 2"), around[1].told);
    assertEquals(List.of(), around[0].told);
  }

  @Test
  void aMessageThatIsLostSaysWhy() {
    assertEquals("its delivery mode is reserved", fabric.message(0, 0x600));
    assertEquals("no local APIC is its destination", fabric.message(7 << 12, 0x41));
    assertNull(fabric.message(7 << 12, 0x8041), "a level's de-assert is nothing");
  }

  /** An alarm that stays where it is isn't set again: whoever keeps it may have to do much for it. */
  @Test
  void theAlarmIsSetOnceForEachEndOfTheCount() {
    apics[0].writeMemory(LVT_TIMER, 0x2_00EF);
    apics[0].writeMemory(DIVIDE, BY_1);
    int before = around[0].alarms;
    apics[0].writeMemory(INITIAL, 1000);
    assertEquals(1000, around[0].alarm());
    apics[0].timeStampWritten();
    apics[0].writeMemory(TPR, 0x20);
    apics[0].writeMemory(DIVIDE, BY_1);
    assertEquals(1, around[0].alarms - before);
    around[0].advance(apics[0], 1000);
    assertTrue(apics[0].pending());
    assertEquals(Long.MAX_VALUE, around[0].alarm(), "another end would change nothing");
    apics[0].acknowledge();
    assertEquals(2000, around[0].alarm());
  }

  @Test
  void aDeadlineFollowsTimeStamps() {
    LapicMsrs msrs = new LapicMsrs(apics[0], ALL, LapicPlace.fixed(0xFEE0_0000L), RegisterFaults.NONE);
    apics[0].writeMemory(LVT_TIMER, 0x4_00EF);
    msrs.write(LapicMsrs.IA32_TSC_DEADLINE, 5000);
    assertEquals(5000, around[0].alarm());
    around[0].offset = 3000;
    apics[0].timeStampWritten();
    assertEquals(2000, around[0].alarm());
    around[0].advance(apics[0], 2000);
    assertTrue(apics[0].pending());
    assertSame(MsrFault.INSTANCE, assertThrows(MsrFault.class, () -> msrs.read(0x802)));
  }

  @Test
  void anotherOneGoesOnFromItsState() {
    apics[0].writeMemory(LVT_TIMER, 0x2_00EF);
    apics[0].writeMemory(DIVIDE, BY_1);
    apics[0].writeMemory(INITIAL, 1000);
    fabric.message(0, 0x41);
    DeviceState other = new DeviceState();
    RecordingSurroundings there = new RecordingSurroundings();
    LocalApic next = make(0, other, there);
    other.restore(states[0].save());
    there.alarm(around[0].alarm());
    next.update();
    assertTrue(there.interrupt);
    assertEquals(0x41, next.acknowledge());
    there.advance(next, 1000);
    assertTrue(next.pending());
  }

  /** Snapshots have these names. */
  @Test
  void theNamesOfItsStateStay() {
    List<String> names = List.copyOf(states[0].names());
    assertEquals(51, names.size());
    assertEquals(List.of("apic.mode", "apic.ID", "apic.VERSION"), names.subList(0, 3));
    assertEquals(List.of("apic.DIVIDE", "apic.errors", "apic.timer-start", "apic.timer-count", "apic.IA32_TSC_DEADLINE"), names.subList(46,
        51));
  }

  @Test
  void aClockHasAFrequency() {
    for (long hertz : new long[] {0, -1, LapicClock.HIGHEST + 1}) {
      assertThrows(IllegalArgumentException.class, () -> new LapicClock(hertz));
    }
    LapicClock third = new LapicClock(300_000_000);
    for (long ticks : new long[] {1, 2, 3, 299_999_999, 1L << 40}) {
      assertEquals(ticks, third.ticks(third.nanoseconds(ticks)));
      assertEquals(ticks - 1, third.ticks(third.nanoseconds(ticks) - 1));
    }
    assertEquals(Long.MAX_VALUE, third.nanoseconds(-1));
  }
}
