// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class HpetTest {
  private static final int GEN_CONF = 0x10;
  private static final int GINTR_STA = 0x20;
  private static final int MAIN_CNT = 0xF0;
  private static final long LEVEL = 0x2;
  private static final long ENABLED = 0x4;
  private static final long PERIODIC = 0x8;
  private static final long SET_VALUE = 0x40;
  private static final long BITS_32 = 0x100;

  private FakeContext context;
  private DeviceModel model;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/timer@fed00000").compatible("intel,ce4100-hpet").window(0xFED0_0000L, 0x400)
        .interrupt("/intc", 2, 0).interrupt("/intc", 8, 0).interrupt("/intc", 11, 0).build());
    model = context.create(new HpetComponent());
  }

  private long get(int at) {
    return context.read(0, at, 8);
  }

  private void put(int at, long value) {
    context.write(0, at, 8, value);
  }

  private static int conf(int timer) {
    return 0x100 + 0x20 * timer;
  }

  private static int comparator(int timer) {
    return 0x108 + 0x20 * timer;
  }

  private int edges(int timer) {
    return context.interrupt(timer).risingEdges();
  }

  private boolean line(int timer) {
    return context.interrupt(timer).level();
  }

  private void ticks(long ticks) {
    context.clock().advance(10 * ticks);
  }

  @Test
  void saysWhatItIs() {
    assertEquals(0x0098_9680_8086_2201L, get(0));
    assertEquals(0x0098_9680L, context.read(4), "ten nanoseconds in femtoseconds");
    assertEquals(1L << 34 | 2 << 9 | 0x30, get(conf(0)), "periodic, 64 bits, pin 2");
    assertEquals(1L << 40 | 8 << 9 | 0x30, get(conf(1)));
    assertEquals(1L << 43 | 11 << 9 | 0x30, get(conf(2)));
    put(conf(2), -1L);
    assertEquals(1L << 43 | 11 << 9 | 0x30 | 0x10E, get(conf(2)), "no messages, no other route");
    put(GEN_CONF, -1L);
    assertEquals(1, get(GEN_CONF), "no route of legacy interrupts");
  }

  @Test
  void counterRunsWhileItIsEnabled() {
    ticks(100);
    assertEquals(0, get(MAIN_CNT));
    put(MAIN_CNT, 0xFFFF_FFF0L);
    put(GEN_CONF, 1);
    context.clock().advance(329);
    assertEquals(0xFFFF_FFF0L + 32, get(MAIN_CNT));
    assertEquals(0x10, context.read(MAIN_CNT));
    assertEquals(1, context.read(MAIN_CNT + 4));
    put(GEN_CONF, 0);
    ticks(1000);
    assertEquals(0x1_0000_0010L, get(MAIN_CNT));
    put(GEN_CONF, 1);
    ticks(5);
    assertEquals(0x1_0000_0015L, get(MAIN_CNT));
    context.write(MAIN_CNT, 7);
    assertEquals(0x1_0000_0007L, get(MAIN_CNT), "half of it");
    ticks(1);
    assertEquals(0x1_0000_0008L, get(MAIN_CNT));
  }

  @Test
  void oneShotMatchesOnce() {
    put(conf(1), ENABLED);
    put(comparator(1), 1000);
    put(GEN_CONF, 1);
    ticks(999);
    assertEquals(0, edges(1));
    ticks(1);
    assertEquals(1, edges(1));
    assertFalse(line(1));
    assertEquals(0, get(GINTR_STA), "no status of edges");
    ticks(1_000_000_000_000L);
    assertEquals(1, edges(1));
    put(comparator(1), get(MAIN_CNT));
    put(comparator(1), get(MAIN_CNT) - 1);
    ticks(1_000_000);
    assertEquals(1, edges(1), "missed");
    assertEquals(0, edges(0) + edges(2));
  }

  @Test
  void disabledTimerIsSilent() {
    put(conf(0), LEVEL);
    put(comparator(0), 1000);
    put(GEN_CONF, 1);
    ticks(2000);
    assertFalse(line(0));
    assertEquals(1, get(GINTR_STA), "the status is there without the interrupt (2.3.8)");
    put(conf(0), LEVEL | ENABLED);
    assertTrue(line(0));
  }

  @Test
  void levelStaysUntilItsStatusIsCleared() {
    put(conf(2), LEVEL | ENABLED);
    put(comparator(2), 1000);
    put(GEN_CONF, 1);
    ticks(1000);
    assertTrue(line(2));
    assertEquals(4, get(GINTR_STA));
    put(GINTR_STA, 3);
    assertTrue(line(2));
    put(GEN_CONF, 0);
    assertFalse(line(2), "halted: no interrupts");
    assertEquals(4, get(GINTR_STA), "but they are known (2.3.5)");
    put(GEN_CONF, 1);
    assertTrue(line(2));
    put(GINTR_STA, 4);
    assertFalse(line(2));
    assertEquals(0, get(GINTR_STA));
  }

  /** As Linux does it: configuration with the request to set the value, the first match, the period. */
  @Test
  void periodicGoesOn() {
    put(GEN_CONF, 1);
    ticks(77);
    put(conf(0), ENABLED | PERIODIC | SET_VALUE | BITS_32);
    context.write(comparator(0), 77 + 2000);
    context.write(comparator(0), 5000);
    assertEquals(2077, context.read(comparator(0)));
    ticks(1999);
    assertEquals(0, edges(0));
    ticks(1);
    assertEquals(1, edges(0));
    assertEquals(7077, context.read(comparator(0)));
    ticks(4999);
    assertEquals(1, edges(0));
    ticks(1);
    assertEquals(2, edges(0));
    ticks(50_000);
    assertEquals(12, edges(0));
    assertEquals(7077 + 11 * 5000, context.read(comparator(0)));
    context.write(comparator(0), 2000);
    ticks(5000);
    assertEquals(13, edges(0), "the new period begins with the next match");
    ticks(2000);
    assertEquals(14, edges(0));
  }

  /** Halves of 32 bits, each with its request (2.3.9.2.2). */
  @Test
  void periodicOf64BitsByHalves() {
    put(MAIN_CNT, 0x2_FFFF_F000L);
    put(conf(0), ENABLED | PERIODIC | SET_VALUE);
    context.write(comparator(0), 0x1000);
    put(conf(0), ENABLED | PERIODIC | SET_VALUE);
    context.write(comparator(0) + 4, 3);
    put(comparator(0), 0x1_0000_0000L);
    assertEquals(0x3_0000_1000L, get(comparator(0)));
    put(GEN_CONF, 1);
    ticks(0x2000);
    assertEquals(1, edges(0));
    assertEquals(0x4_0000_1000L, get(comparator(0)));
    ticks(0x1_0000_0000L);
    assertEquals(2, edges(0));
    put(conf(0), ENABLED);
    context.write(comparator(0), 0x5000);
    assertEquals(0x5_0000_5000L, get(comparator(0)), "the other half is the comparator's, not the period's");
  }

  /** A one-shot timer of 32 bits matches again after each turn of its half of the counter (2.3.9.2.1). */
  @Test
  void timersOf32BitsTurn() {
    put(conf(0), ENABLED | BITS_32);
    put(comparator(0), 0x5_0000_0100L);
    put(GEN_CONF, 1);
    ticks(0x100);
    assertEquals(1, edges(0));
    ticks(0xFFFF_FFFFL);
    assertEquals(1, edges(0));
    ticks(1);
    assertEquals(2, edges(0));
    put(conf(1), ENABLED);
    put(comparator(1), 0x5_0000_0100L);
    ticks(0x3_0000_0000L);
    assertEquals(0, edges(1), "one of 64 bits compares all");
    ticks(0x1_0000_0000L);
    assertEquals(1, edges(1));
  }

  @Test
  void levelPeriodicGoesOnWhileItIsUp() {
    put(conf(0), ENABLED | LEVEL | PERIODIC | SET_VALUE);
    put(comparator(0), 3000);
    put(comparator(0), 3000);
    put(GEN_CONF, 1);
    ticks(10_000);
    assertTrue(line(0));
    assertEquals(12_000, get(comparator(0)));
    put(GINTR_STA, 1);
    assertFalse(line(0));
    ticks(1999);
    assertFalse(line(0));
    ticks(1);
    assertTrue(line(0));
  }

  @Test
  void shortPeriodsShareInterrupts() {
    put(conf(0), ENABLED | PERIODIC | SET_VALUE);
    put(comparator(0), 1);
    put(comparator(0), 1);
    put(GEN_CONF, 1);
    ticks(1_000_000);
    assertEquals(1000, edges(0));
    assertEquals(1_000_001, get(comparator(0)));
    put(comparator(0), 0);
    ticks(1_000_000);
    assertEquals(1001, edges(0), "a period of nothing stays where it is");
  }

  private void handOver(long away) {
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new HpetComponent());
    successor.state().restore(model.state().save());
    if (away == 0) {
      next.takeAlarms(context);
    }
    next.clock().advance(away);
    successor.restored();
    context = next;
    model = successor;
  }

  @Test
  void handOverKeepsCounterAndTimers() {
    put(conf(0), ENABLED | PERIODIC | SET_VALUE);
    put(comparator(0), 3000);
    put(comparator(0), 2000);
    put(conf(2), ENABLED | LEVEL);
    put(comparator(2), 3500);
    put(GEN_CONF, 1);
    ticks(3200);
    handOver(0);
    assertEquals(3200, get(MAIN_CNT));
    assertEquals(5000, get(comparator(0)));
    ticks(299);
    assertFalse(line(2));
    ticks(1);
    assertTrue(line(2));
    handOver(0);
    assertTrue(line(2));
    ticks(1500);
    assertEquals(2, edges(0));
    ticks(2000);
    assertEquals(3, edges(0));
  }

  @Test
  void counterIsRightAfterAnAbsence() {
    put(conf(1), ENABLED | LEVEL);
    put(comparator(1), 5000);
    put(GEN_CONF, 1);
    ticks(1000);
    model.removed();
    handOver(100_000);
    assertEquals(11_000, get(MAIN_CNT));
    assertEquals(2, get(GINTR_STA));
    assertTrue(line(1));
  }

  @Test
  void resetHalts() {
    put(conf(1), ENABLED | LEVEL);
    put(comparator(1), 50);
    put(GEN_CONF, 1);
    ticks(100);
    assertTrue(line(1));
    model.reset();
    assertFalse(line(1));
    ticks(100);
    assertEquals(0, get(MAIN_CNT));
    assertEquals(-1L, get(comparator(1)));
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  /** A model of what the specification says, tick by tick, beside ours. */
  @Test
  void matchesAreThoseOfACounterThatCounts() {
    for (int seed = 0; seed < 200; seed++) {
      start();
      Random random = new Random(seed);
      boolean narrow = random.nextBoolean();
      boolean periodic = random.nextBoolean();
      long counter = random.nextLong();
      long value = counter + random.nextInt(40) - 5;
      long period = 1000 + random.nextInt(3000);
      put(MAIN_CNT, counter);
      put(conf(0), ENABLED | (narrow ? BITS_32 : 0) | (periodic ? PERIODIC | SET_VALUE : 0));
      put(comparator(0), value);
      if (periodic) {
        put(comparator(0), period);
      }
      put(GEN_CONF, 1);
      int matches = 0;
      for (int i = 0; i < 10_000; i++) {
        ticks(1);
        counter++;
        if (narrow ? (int) counter == (int) value : counter == value) {
          matches++;
          value += periodic ? period : 0;
        }
        assertEquals(matches, edges(0), "seed " + seed + ", tick " + i);
      }
    }
  }

  /** All offsets and sizes, random values, spans of time from nanoseconds to years. */
  @Test
  void noGuestThrows() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      int size = 1 << random.nextInt(4);
      int at = (random.nextBoolean() ? random.nextInt(0x400) : 0x100 + random.nextInt(0x60)) & -size;
      switch (random.nextInt(6)) {
        case 0 -> context.clock().advance(random.nextLong(1L << random.nextInt(1, random.nextInt(50) == 0 ? 50 : 22)));
        case 1 -> put(GEN_CONF, 1);
        case 2 -> context.read(0, at, size);
        default -> context.write(0, at, size, random.nextBoolean() ? random.nextLong() : random.nextInt(5000));
      }
      if (i % 500 == 0 || context.clock().now() > 1L << 60) {
        start();
      }
    }
  }
}
