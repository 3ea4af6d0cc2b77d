// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class CmosRtcTest {
  private static final long SECOND = 1_000_000_000L;
  private FakeContext context;
  private DeviceModel model;

  static FakeNode node() {
    return FakeNode.at("/isa/rtc@1,70").compatible("motorola,mc146818").window(PhysicalBus.PORTS + 0x70, 2).interrupt("/ioapic", 8, 0);
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new CmosRtcComponent());
  }

  private int get(int index) {
    context.write(0, 0, 1, index);
    return (int) context.read(0, 1, 1);
  }

  private void set(int index, int value) {
    context.write(0, 0, 1, index);
    context.write(0, 1, 1, value);
  }

  private String date() {
    return "%02x%02x-%02x-%02x %02x:%02x:%02x".formatted(get(0x32), get(9), get(8), get(7), get(4), get(2), get(0));
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  @Test
  void dateIsThatOfVirtualTime() {
    assertEquals("2026-01-01 00:00:00", date());
    assertEquals(5, get(6), "a Thursday, where Sunday is 1");
    assertEquals(0x26, get(0xA));
    assertEquals(2, get(0xB));
    assertEquals(0x80, get(0xD));
    context.clock().advanceTo(59 * SECOND);
    assertEquals("2026-01-01 00:00:59", date());
    context.clock().advanceTo((31L + 28) * 86_400 * SECOND + 61 * SECOND);
    assertEquals("2026-03-01 00:01:01", date());
  }

  @Test
  void bytesAreBcdOrBinaryOfTwelveOrTwentyFourHours() {
    context.clock().advanceTo(23 * 3600 * SECOND + 45 * 60 * SECOND);
    assertEquals(0x23, get(4));
    assertEquals(0x45, get(2));
    set(0xB, 6);
    assertEquals(23, get(4));
    assertEquals(45, get(2));
    set(0xB, 0);
    assertEquals(0x91, get(4), "11 in the afternoon");
    context.clock().advance(3600 * SECOND);
    assertEquals(0x12, get(4), "midnight is twelve in the morning");
  }

  @Test
  void updateIsAnnounced() {
    context.clock().advanceTo(SECOND - 244_001);
    assertEquals(0, get(0xA) & 0x80);
    context.clock().advance(1);
    assertEquals(0x80, get(0xA) & 0x80);
    context.clock().advanceTo(SECOND);
    assertEquals(0, get(0xA) & 0x80);
  }

  /** As Linux sets it: SET, divider in reset, the bytes, SET off, divider on (drivers/rtc/rtc-mc146818-lib.c); the next second comes half a second later. */
  @Test
  void dateThatIsSetGoesOnHalfASecondAfterTheDividerIsLetGo() {
    context.clock().advanceTo(7 * SECOND + 123_456_789);
    set(0xB, 0x82);
    set(0xA, 0x76);
    int[] bytes = {0x58, 0, 0x59, 0, 0x23, 0, 7, 0x31, 0x12, 0x99};
    for (int i : new int[] {9, 8, 7, 4, 2, 0}) {
      set(i, bytes[i]);
    }
    set(0x32, 0x20);
    set(0xB, 0x02);
    context.clock().advance(3 * SECOND);
    assertEquals("2099-12-31 23:59:58", date());
    set(0xA, 0x26);
    context.clock().advance(SECOND / 2 - 1);
    assertEquals("2099-12-31 23:59:58", date());
    context.clock().advance(1);
    assertEquals("2099-12-31 23:59:59", date());
    context.clock().advance(SECOND);
    assertEquals("2100-01-01 00:00:00", date());
  }

  @Test
  void timeStandsStillWhileItIsSet() {
    set(0xB, 0x92);
    assertEquals(0x82, get(0xB), "SET ends the update interrupt");
    context.clock().advance(100 * SECOND);
    assertEquals("2026-01-01 00:00:00", date());
    set(0, 0x30);
    set(0xB, 2);
    assertEquals("2026-01-01 00:00:30", date());
    context.clock().advance(SECOND);
    assertEquals("2026-01-01 00:00:31", date());
    set(2, 0x15);
    assertEquals("2026-01-01 00:15:31", date(), "also while it runs");
  }

  @Test
  void alarmRaisesTheInterruptAtItsTime() {
    set(1, 0x05);
    set(3, 0xFF);
    set(5, 0xC0);
    set(0xB, 0x22);
    context.clock().advanceTo(5 * SECOND - 1);
    assertFalse(line());
    context.clock().advanceTo(5 * SECOND);
    assertTrue(line());
    assertEquals(0xF0, get(0xC), "request; of what has happened the alarm alone is enabled");
    assertFalse(line());
    assertEquals(0, get(0xC));
    context.clock().advanceTo(65 * SECOND);
    assertTrue(line(), "each minute");
    get(0xC);
    set(5, 0x09);
    set(3, 0x30);
    context.clock().advanceTo(9 * 3600 * SECOND + 30 * 60 * SECOND + 4 * SECOND);
    assertFalse(line());
    context.clock().advance(SECOND);
    assertTrue(line());
    get(0xC);
    set(5, 0x77);
    context.clock().advance(100_000 * SECOND);
    assertFalse(line(), "there is no such hour");
  }

  @Test
  void updateInterruptComesEachSecond() {
    set(0xB, 0x12);
    for (int i = 1; i < 4; i++) {
      context.clock().advanceTo(i * SECOND - 1);
      assertFalse(line());
      context.clock().advanceTo(i * SECOND);
      assertTrue(line());
      assertEquals(0x90, get(0xC) & 0xF0 & ~0x60);
    }
  }

  /** 1024 Hz: 976,562.5 ns. */
  @Test
  void periodicInterruptHasTheRateOfRegisterA() {
    set(0xB, 0x42);
    context.clock().advanceTo(976_562);
    assertFalse(line());
    context.clock().advanceTo(976_563);
    assertTrue(line());
    assertEquals(0xC0, get(0xC));
    int count = 0;
    for (long at = SECOND / 2000; at <= SECOND; at += SECOND / 4000) {
      context.clock().advanceTo(Math.max(at, 976_563));
      count += get(0xC) >> 6 & 1;
    }
    assertEquals(1023, count);
    set(0xA, 0x20);
    get(0xC);
    context.clock().advance(SECOND);
    assertFalse(line(), "rate 0");
  }

  @Test
  void memoryAndDateOutliveAReset() {
    set(0x40, 0x5A);
    set(0xB, 0x72);
    set(9, 0x30);
    model.reset();
    assertEquals(2, get(0xB));
    assertEquals(0x5A, get(0x40));
    assertEquals(0x30, get(9));
    assertFalse(line());
  }

  @Test
  void handOverKeepsDateAndAlarm() {
    set(1, 0x03);
    set(3, 0xFF);
    set(5, 0xFF);
    set(0xB, 0x22);
    context.clock().advanceTo(2 * SECOND + 5);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new CmosRtcComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertFalse(next.interrupt(0).level());
    next.clock().advanceTo(3 * SECOND);
    assertTrue(next.interrupt(0).level());
  }

  @Test
  void wrongDateIsRefused() {
    assertThrows(ModelException.class, () -> new FakeContext(node().option("epoch-seconds", "-1").build()).create(new CmosRtcComponent()));
  }

  @Test
  void noGuestMakesItThrow() {
    SplittableRandom random = new SplittableRandom(146_818);
    for (int i = 0; i < 50_000; i++) {
      int index = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(14);
      if (random.nextBoolean()) {
        set(index, random.nextInt(256));
      } else {
        get(index);
      }
      context.clock().advance(random.nextLong(1L << random.nextInt(1, 36)));
    }
  }
}
