// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.lapic.LapicBench.CURRENT;
import static org.xenolith.hw.lapic.LapicBench.DEADLINE;
import static org.xenolith.hw.lapic.LapicBench.DIVIDE;
import static org.xenolith.hw.lapic.LapicBench.EOI;
import static org.xenolith.hw.lapic.LapicBench.INITIAL;
import static org.xenolith.hw.lapic.LapicBench.LVT_TIMER;
import static org.xenolith.hw.lapic.LapicBench.MASKED;
import static org.xenolith.hw.lapic.LapicBench.SVR;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The timer (SDM volume 3, 12.5.4); 1 GHz where nothing else is said. */
class LapicTimerTest {
  private static final int VECTOR = 0xEF;
  private static final int PERIODIC = 1 << 17;
  private static final int TSC_DEADLINE = 2 << 17;
  private static final int BY_1 = 0xB;

  private LapicBench bench = new LapicBench(1);

  private void start(int entry, int divider, long initial) {
    bench.write(0, LVT_TIMER, entry);
    bench.write(0, DIVIDE, divider);
    bench.write(0, INITIAL, initial);
  }

  private long current() {
    return bench.read(0, CURRENT);
  }

  private boolean taken() {
    if (!bench.interrupt(0)) {
      return false;
    }
    assertEquals(VECTOR, bench.acknowledge(0));
    bench.write(0, EOI, 0);
    return true;
  }

  @Test
  void itCountsDownOnceAndInterruptsAtZero() {
    start(VECTOR, BY_1, 1000);
    assertEquals(1000, current());
    bench.advance(999);
    assertEquals(1, current());
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertEquals(0, current());
    assertTrue(taken());
    bench.advance(1_000_000);
    assertFalse(taken());
    assertEquals(1000, bench.read(0, INITIAL));
  }

  @Test
  void dividersAre2To128And1() {
    int[] dividers = {2, 4, 8, 16, 32, 64, 128, 1};
    for (int i = 0; i < 8; i++) {
      start(VECTOR, (i & 4) << 1 | i & 3, 100);
      bench.advance(10L * dividers[i]);
      assertEquals(90, current(), "divided by " + dividers[i]);
      bench.advance(90L * dividers[i] - 1);
      assertFalse(bench.interrupt(0));
      bench.advance(1);
      assertTrue(taken(), "divided by " + dividers[i]);
    }
  }

  @Test
  void anotherDividerGoesOnFromWhereItIs() {
    start(VECTOR, BY_1, 1000);
    bench.advance(400);
    bench.write(0, DIVIDE, 1);
    assertEquals(600, current());
    bench.advance(2400 - 1);
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertTrue(taken());
  }

  @Test
  void itCountsAgainAndAgain() {
    start(PERIODIC | VECTOR, BY_1, 1000);
    for (int i = 0; i < 3; i++) {
      bench.advance(999);
      assertFalse(bench.interrupt(0));
      bench.advance(1);
      assertEquals(1000, current(), "reloaded");
      assertTrue(taken());
    }
    bench.advance(10_500);
    assertEquals(500, current());
    assertTrue(taken(), "of ten one is kept");
    assertFalse(bench.interrupt(0));
    bench.advance(500);
    assertTrue(taken(), "and they stay in step");
    bench.write(0, INITIAL, 0);
    assertEquals(0, current());
    bench.advance(1_000_000);
    assertFalse(bench.interrupt(0), "zero stops it");
  }

  /** The shortest period that there is; alarms without end would fail the clock. */
  @Test
  void aGuestThatTakesNoInterruptsHasNoMoreAlarms() {
    start(PERIODIC | VECTOR, BY_1, 1);
    bench.advance(1_000_000_000L);
    assertTrue(taken());
    start(PERIODIC | MASKED | VECTOR, BY_1, 1);
    bench.advance(1_000_000_000L);
    assertEquals(Long.MAX_VALUE, bench.context().clock().nextDeadline());
    start(PERIODIC | 3, BY_1, 1);
    bench.advance(1_000_000_000L);
    bench.write(0, LapicBench.ESR, 0);
    assertEquals(0x40, bench.read(0, LapicBench.ESR), "an illegal vector");
    bench.advance(1);
    bench.write(0, LapicBench.ESR, 0);
    assertEquals(0x40, bench.read(0, LapicBench.ESR));
  }

  @Test
  void whileItIsMaskedItCounts() {
    start(PERIODIC | MASKED | VECTOR, BY_1, 1000);
    bench.advance(2300);
    assertEquals(700, current());
    assertFalse(bench.interrupt(0));
    bench.write(0, LVT_TIMER, PERIODIC | VECTOR);
    assertFalse(bench.interrupt(0), "what has passed has passed");
    bench.advance(700);
    assertTrue(taken());
    start(MASKED | VECTOR, BY_1, 1000);
    bench.advance(1000);
    bench.write(0, LVT_TIMER, VECTOR);
    bench.advance(1_000_000);
    assertFalse(taken());
  }

  @Test
  void anotherModeDoesNotStartIt() {
    start(VECTOR, BY_1, 1000);
    bench.advance(1000);
    assertTrue(taken());
    bench.write(0, LVT_TIMER, PERIODIC | VECTOR);
    assertEquals(0, current());
    bench.advance(5000);
    assertFalse(taken());
    start(MASKED | VECTOR, BY_1, 1000);
    bench.advance(1000);
    bench.write(0, LVT_TIMER, PERIODIC | VECTOR);
    assertEquals(0, current(), "nor where it was masked");
    start(PERIODIC | VECTOR, BY_1, 1000);
    bench.advance(1500);
    assertTrue(taken());
    bench.write(0, LVT_TIMER, VECTOR);
    assertEquals(500, current());
    bench.advance(500);
    assertTrue(taken());
    bench.advance(5000);
    assertFalse(taken(), "it was the last");
  }

  @Test
  void theNodeOrTheOptionSaysTheFrequency() {
    bench = new LapicBench(LapicBench.node().option("frequency", "25000000"), 1, i -> i);
    bench.write(0, SVR, 0x1FF);
    start(VECTOR, BY_1, 10);
    bench.advance(399);
    assertEquals(1, current());
    bench.advance(1);
    assertTrue(taken());
    bench = new LapicBench(LapicBench.node().cells("clock-frequency", 300_000_000).option("frequency", "25000000"), 1, i -> i);
    bench.write(0, SVR, 0x1FF);
    start(VECTOR, BY_1, 100);
    bench.advance(333);
    assertEquals(1, current());
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertTrue(taken(), "333.3 ns");
  }

  @Test
  void theLongestCountIsExact() {
    start(VECTOR, 0xA, 0xFFFF_FFFFL);
    bench.advance(0xFFFF_FFFFL * 128 - 1);
    assertEquals(1, current());
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertTrue(taken());
  }

  /** 12.5.4.1. The time-stamp counter counts twice a nanosecond. */
  @Test
  void aDeadlineInterruptsWhenTheTimeStampIsReached() {
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.advance(500);
    bench.wrmsr(0, DEADLINE, 3001);
    assertEquals(3001, bench.rdmsr(0, DEADLINE));
    bench.advance(1000);
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertTrue(taken());
    assertEquals(0, bench.rdmsr(0, DEADLINE), "disarmed");
    bench.wrmsr(0, DEADLINE, 1);
    assertTrue(taken(), "in the past");
    bench.wrmsr(0, DEADLINE, -1L);
    bench.advance(1_000_000_000L);
    assertFalse(taken(), "after centuries");
    bench.wrmsr(0, DEADLINE, 0);
    assertEquals(Long.MAX_VALUE, bench.context().clock().nextDeadline());
  }

  @Test
  void aDeadlineFollowsTheTimeStampCounter() {
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.wrmsr(0, DEADLINE, 10_000);
    bench.cpu(0).writeTimeStamp(9_000);
    bench.advance(499);
    assertFalse(bench.interrupt(0));
    bench.advance(1);
    assertTrue(taken());
    bench.wrmsr(0, DEADLINE, 20_000);
    bench.cpu(0).writeTimeStamp(30_000);
    assertTrue(taken());
  }

  @Test
  void inOtherModesThereIsNoDeadline() {
    bench.write(0, LVT_TIMER, VECTOR);
    bench.wrmsr(0, DEADLINE, 1);
    assertEquals(0, bench.rdmsr(0, DEADLINE));
    assertFalse(taken());
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.write(0, INITIAL, 100);
    assertEquals(0, current(), "the initial count isn't written");
    assertEquals(0, bench.read(0, INITIAL));
    bench.wrmsr(0, DEADLINE, 5000);
    bench.write(0, LVT_TIMER, VECTOR);
    assertEquals(0, bench.rdmsr(0, DEADLINE), "disarmed by the change");
    bench.advance(10_000);
    assertFalse(taken());
    start(VECTOR, BY_1, 100);
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.write(0, LVT_TIMER, VECTOR);
    bench.advance(1000);
    assertFalse(taken());
    start(3 << 17 | VECTOR, BY_1, 100);
    bench.advance(1000);
    assertFalse(taken(), "a mode that there isn't");
  }

  @Test
  void aDeadlineThatIsMaskedIsOver() {
    bench.write(0, LVT_TIMER, TSC_DEADLINE | MASKED | VECTOR);
    bench.wrmsr(0, DEADLINE, 2000);
    bench.advance(1000);
    assertEquals(0, bench.rdmsr(0, DEADLINE));
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    assertFalse(taken());
  }

  @Test
  void disablingStopsWhatIsSeen() {
    start(PERIODIC | VECTOR, BY_1, 1000);
    bench.write(0, SVR, 0xFF);
    bench.advance(5000);
    assertFalse(bench.interrupt(0));
    bench.write(0, LVT_TIMER, VECTOR);
    bench.write(0, INITIAL, 1_000_000);
    bench.message(0, 0x500);
    assertEquals(0, current());
    assertEquals(Long.MAX_VALUE, bench.context().clock().nextDeadline());
  }

  @Test
  void handOverKeepsTimersRunning() {
    start(PERIODIC | VECTOR, BY_1, 1000);
    bench.advance(300);
    bench.handOver();
    assertEquals(700, current());
    bench.advance(700);
    assertTrue(taken());
    bench.write(0, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.wrmsr(0, DEADLINE, 10_000);
    bench.handOver();
    bench.cpu(0).writeTimeStamp(9_000);
    bench.advance(500);
    assertTrue(taken());
    assertEquals(List.of(), bench.requested(0));
  }
}
