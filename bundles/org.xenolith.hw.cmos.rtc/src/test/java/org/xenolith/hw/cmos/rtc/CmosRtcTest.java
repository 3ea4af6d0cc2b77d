// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class CmosRtcTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int A = 0x0A;
  private static final int B = 0x0B;
  private static final int C = 0x0C;
  private static final int D = 0x0D;
  private static final int CENTURY = 0x32;

  private FakeContext context;
  private DeviceModel model;

  private static FakeNode node() {
    return FakeNode.at("/isa/rtc@1,70").compatible("motorola,mc146818").window(0x70, 2).interrupt("/intc", 8, 0);
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new CmosRtcComponent());
  }

  private int get(int at) {
    context.write(0, 0, 1, at);
    return (int) context.read(0, 1, 1);
  }

  private void put(int at, int value) {
    context.write(0, 0, 1, at);
    context.write(0, 1, 1, value);
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  /** Century, year, month, day, weekday, hour, minute, second as hexadecimal digits of the bytes. */
  private String date() {
    StringBuilder all = new StringBuilder();
    for (int at : new int[] {CENTURY, 9, 8, 7, 6, 4, 2, 0}) {
      all.append(String.format("%02x ", get(at)));
    }
    return all.toString().trim();
  }

  private void set(int... bytes) {
    put(B, get(B) | 0x80);
    int i = 0;
    for (int at : new int[] {CENTURY, 9, 8, 7, 6, 4, 2, 0}) {
      put(at, bytes[i++]);
    }
    put(B, get(B) & 0x7F);
  }

  @Test
  void powersOnAsFirmwareLeavesIt() {
    assertEquals("20 26 01 01 05 00 00 00", date());
    assertEquals(0x26, get(A));
    assertEquals(0x02, get(B));
    assertEquals(0x00, get(C));
    assertEquals(0x80, get(D));
    assertEquals(0xFF, context.read(0, 0, 1), "the index is write-only");
    context.write(0, 0, 1, 0x80 | D);
    assertEquals(0x80, context.read(0, 1, 1), "the top bit is that of the NMI");
  }

  @Test
  void countsSecondsOfVirtualTime() {
    context.clock().advance(SECOND - 1);
    assertEquals("20 26 01 01 05 00 00 00", date());
    context.clock().advance(1);
    assertEquals("20 26 01 01 05 00 00 01", date());
    context.clock().advance((31L * 86_400 + 3 * 3600 + 25 * 60 + 8) * SECOND);
    assertEquals("20 26 02 01 01 03 25 09", date());
  }

  @Test
  void datesCarry() {
    set(0x19, 0x99, 0x12, 0x31, 0x06, 0x23, 0x59, 0x59);
    context.clock().advance(SECOND);
    assertEquals("20 00 01 01 07 00 00 00", date());
    set(0x20, 0x28, 0x02, 0x28, 0x07, 0x23, 0x59, 0x59);
    context.clock().advance(SECOND);
    assertEquals("20 28 02 29 01 00 00 00", date());
    set(0x21, 0x00, 0x02, 0x28, 0x03, 0x23, 0x59, 0x59);
    context.clock().advance(SECOND);
    assertEquals("21 00 03 01 04 00 00 00", date(), "2100 is no leap year");
    set(0x99, 0x99, 0x12, 0x31, 0x06, 0x23, 0x59, 0x59);
    context.clock().advance(SECOND);
    assertEquals("00 00 01 01 07 00 00 00", date());
  }

  @Test
  void binaryAndHoursOfTwelve() {
    put(B, 0x04);
    set(20, 26, 12, 9, 3, 11, 59, 59);
    context.clock().advance(SECOND);
    assertEquals("14 1a 0c 09 03 8c 00 00", date(), "noon is 12 in the afternoon");
    context.clock().advance(3600 * SECOND);
    assertEquals(0x81, get(4));
    context.clock().advance(11 * 3600 * SECOND);
    assertEquals(12, get(4), "midnight is 12 in the morning");
    put(B, 0x00);
    set(0x20, 0x26, 0x12, 0x09, 0x03, 0x92, 0x59, 0x59);
    context.clock().advance(SECOND);
    assertEquals(0x81, get(4));
  }

  @Test
  void invalidDatesStayToTheNextSecondAndCountOn() {
    set(0x20, 0x26, 0x02, 0x31, 0x09, 0x10, 0x00, 0x00);
    assertEquals("20 26 02 31 09 10 00 00", date());
    context.clock().advance(SECOND);
    assertEquals("20 26 03 03 09 10 00 01", date());
    set(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
    assertEquals("ff ff ff ff ff ff ff 7f", date(), "the top bit of the seconds is read-only");
    context.clock().advance(1000 * 86_400 * SECOND);
    date();
    put(B, 0x06);
    set(0, 0, 0, 0, 0, 0, 0, 0);
    context.clock().advance(SECOND);
    assertEquals("63 63 0b 1e 00 00 00 01", date(), "30 November of the year before year 0");
  }

  @Test
  void setHoldsTheDateAndLosesSeconds() {
    put(B, 0x82);
    context.clock().advance(10 * SECOND);
    assertEquals("20 26 01 01 05 00 00 00", date());
    assertEquals(0x40, get(C), "no update has ended; periods go on");
    put(B, 0x02);
    context.clock().advance(SECOND);
    assertEquals("20 26 01 01 05 00 00 01", date());
  }

  @Test
  void updateInProgressComesBeforeTheUpdate() {
    context.clock().advanceTo(SECOND - 244_001);
    assertEquals(0x26, get(A));
    context.clock().advance(1);
    assertEquals(0xA6, get(A));
    put(B, 0x82);
    assertEquals(0x26, get(A), "no update is to come");
    put(B, 0x02);
    context.clock().advanceTo(SECOND);
    assertEquals(0x26, get(A));
    put(A, 0xA6);
    assertEquals(0x26, get(A), "read-only");
  }

  /** As Linux sets the time. */
  @Test
  void firstUpdateComesHalfASecondAfterTheDividersReset() {
    context.clock().advanceTo(SECOND + 300_000_000L);
    put(B, 0x82);
    put(A, 0x76);
    context.clock().advance(5 * SECOND + 7);
    put(0, 0x30);
    put(B, 0x02);
    put(A, 0x26);
    context.clock().advance(SECOND / 2 - 1);
    assertEquals(0x30, get(0));
    context.clock().advance(1);
    assertEquals(0x31, get(0));
    context.clock().advance(SECOND);
    assertEquals(0x32, get(0));
  }

  @Test
  void updatesInterruptUntilRegisterCIsRead() {
    put(B, 0x12);
    context.clock().advanceTo(SECOND - 1);
    assertFalse(line());
    context.clock().advance(1);
    assertTrue(line());
    context.clock().advance(SECOND);
    assertEquals(0xD0, get(C), "the periodic flag is set, too");
    assertFalse(line());
    context.clock().advance(SECOND);
    assertTrue(line());
    put(B, 0x92);
    assertEquals(0x82, get(B), "SET ends interrupts of updates");
    assertFalse(line());
  }

  @Test
  void flagsAreSetWithoutInterrupts() {
    put(A, 0x20);
    context.clock().advance(SECOND);
    assertEquals(0x10, get(C));
    assertEquals(0x00, get(C), "cleared by the read");
    put(A, 0x26);
    context.clock().advance(1_000_000);
    assertEquals(0x40, get(C));
    put(1, 0xFF);
    put(3, 0xFF);
    put(5, 0xFF);
    context.clock().advance(SECOND);
    assertEquals(0x70, get(C));
    assertFalse(line());
  }

  @Test
  void alarmComesOnceADay() {
    put(A, 0x20);
    put(1, 0x05);
    put(3, 0x01);
    put(5, 0x00);
    put(B, 0x22);
    context.clock().advanceTo(65 * SECOND - 1);
    assertFalse(line());
    context.clock().advanceTo(65 * SECOND);
    assertTrue(line());
    assertEquals(0xB0, get(C));
    assertFalse(line());
    context.clock().advanceTo((86_400 + 65) * SECOND - 1);
    assertFalse(line());
    context.clock().advance(1);
    assertTrue(line());
  }

  @Test
  void alarmBytesMayFitEverything() {
    put(A, 0x20);
    put(1, 0x10);
    put(3, 0xC0);
    put(5, 0xFF);
    put(B, 0x22);
    for (int minute = 0; minute < 3; minute++) {
      context.clock().advanceTo((60L * minute + 10) * SECOND - 1);
      assertFalse(line());
      context.clock().advance(1);
      assertTrue(line());
      get(C);
    }
    put(1, 0xC0);
    context.clock().advance(SECOND);
    assertTrue(line(), "each second");
    get(C);
    put(1, 0x75);
    context.clock().advance(100_000 * SECOND);
    assertFalse(line(), "there is no second 75");
  }

  @Test
  void alarmInTheAfternoon() {
    put(B, 0x20);
    set(0x20, 0x26, 0x01, 0x01, 0x05, 0x12, 0x00, 0x00);
    put(1, 0);
    put(3, 0);
    put(5, 0x81);
    get(C);
    context.clock().advance(13 * 3600 * SECOND - 1);
    assertFalse(line());
    context.clock().advance(1);
    assertTrue(line());
  }

  /** Table 5 of the data sheet, for 32,768 Hz. */
  @Test
  void periodsAreThoseOfTheTable() {
    double[] micros = {0, 3906.25, 7812.5, 122.0703125, 244.140625, 488.28125, 976.5625, 1953.125, 3906.25, 7812.5, 15625, 31250, 62500,
        125000, 250000, 500000};
    put(B, 0x42);
    for (int rate = 1; rate < 16; rate++) {
      put(A, 0x20 | rate);
      context.clock().advanceTo((context.clock().now() / SECOND + 1) * SECOND);
      get(C);
      long begin = context.clock().now();
      for (int i = 1; i <= 20; i++) {
        long due = begin + (long) Math.ceil(i * micros[rate] * 1000);
        context.clock().advanceTo(due - 1);
        assertFalse(line(), "rate " + rate + ", period " + i);
        context.clock().advanceTo(due);
        assertTrue(line(), "rate " + rate + ", period " + i);
        assertEquals(0xC0, get(C) & 0xC0);
      }
    }
    put(A, 0x20);
    context.clock().advance(SECOND);
    assertFalse(line(), "rate 0");
    put(A, 0x76);
    context.clock().advance(SECOND);
    assertFalse(line(), "the divider is in reset");
  }

  @Test
  void resetEndsInterruptsAndKeepsTheRest() {
    put(0x0F, 0x5A);
    put(0x7F, 0xA5);
    set(0x20, 0x30, 0x05, 0x06, 0x02, 0x07, 0x08, 0x09);
    put(A, 0x2F);
    put(B, 0x7A);
    context.clock().advance(10 * SECOND);
    assertTrue(line());
    model.reset();
    assertFalse(line());
    assertEquals(0x02, get(B));
    assertEquals(0x2F, get(A));
    assertEquals(0, get(C));
    assertEquals("20 30 05 06 02 07 08 19", date());
    assertEquals(0x5A, get(0x0F));
    assertEquals(0xA5, get(0x7F));
  }

  private void handOver() {
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new CmosRtcComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    context = next;
    model = successor;
  }

  @Test
  void handOverKeepsDateAndAlarm() {
    set(0x20, 0x30, 0x05, 0x06, 0x02, 0x07, 0x08, 0x09);
    put(1, 0x12);
    put(3, 0x08);
    put(5, 0x07);
    put(A, 0x20);
    put(B, 0x22);
    context.clock().advance(SECOND * 3 / 2);
    handOver();
    assertEquals("20 30 05 06 02 07 08 10", date());
    context.clock().advanceTo(3 * SECOND - 1);
    assertFalse(line());
    context.clock().advance(1);
    assertTrue(line());
  }

  /** A flag that nobody has looked at yet is there after a hand-over. */
  @Test
  void handOverKeepsThePeriodThatHasPassed() {
    put(A, 0x2F);
    context.clock().advance(SECOND * 14 / 10);
    get(C);
    context.clock().advance(SECOND * 2 / 10);
    handOver();
    assertEquals(0x40, get(C));
    context.clock().advance(SECOND * 3 / 10);
    assertEquals(0x00, get(C));
  }

  @Test
  void dateIsRightAfterAnAbsence() {
    set(0x20, 0x30, 0x05, 0x06, 0x02, 0x07, 0x08, 0x09);
    context.clock().advance(SECOND);
    var record = model.state().save();
    model.removed();
    FakeContext next = context.successor();
    next.clock().advance(50 * SECOND);
    DeviceModel successor = next.create(new CmosRtcComponent());
    successor.state().restore(record);
    successor.restored();
    context = next;
    assertEquals("20 30 05 06 02 07 09 00", date());
  }

  @Test
  void wrongDateIsRefused() {
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("epoch-seconds", "-1").build()).create(new CmosRtcComponent()));
    FakeContext early = new FakeContext(node().option("epoch-seconds", "0").build());
    early.create(new CmosRtcComponent());
    context = early;
    assertEquals("19 70 01 01 05 00 00 00", date());
  }

  /** Whatever is in the bytes, over spans of time from nanoseconds to years. */
  @Test
  void noGuestThrows() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(4)) {
        case 0 -> context.clock().advance(random.nextLong(1L << random.nextInt(1, 44)));
        case 1 -> get(random.nextInt(256));
        case 2 -> put(random.nextInt(256), random.nextInt(256));
        default -> put(random.nextInt(16), random.nextInt(256));
      }
      if (context.clock().now() > 1L << 60) {
        start();
      }
    }
  }
}
