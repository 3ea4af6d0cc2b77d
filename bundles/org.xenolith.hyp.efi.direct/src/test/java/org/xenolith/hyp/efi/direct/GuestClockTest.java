// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.GuestVariablesPort;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.efi.kit.LocalTime;

/** A domain's clock beside the board's, which a test winds. */
class GuestClockTest {
  private static final UUID DOMAIN = new UUID(1, 2);
  private static final EfiTime NEW_YEAR = EfiTime.utc(2030, 1, 1, 0, 0, 0);

  private long seconds = LocalTime.seconds(EfiTime.utc(2026, 5, 6, 7, 8, 9));
  private final DomainClocks clocks = new DomainClocks();
  private final TimeServices board = new TimeServices() {
    @Override
    public TimeAnswer getTime() { return new TimeAnswer(EfiStatus.SUCCESS, LocalTime.of(seconds, 60, 1), 1, 0, false); }

    @Override
    public EfiStatus setTime(EfiTime time) {
      throw new AssertionError("a domain sets the board's clock");
    }

    @Override
    public WakeupAnswer getWakeupTime() {
      throw new AssertionError("a domain reads the board's alarm");
    }

    @Override
    public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
      throw new AssertionError("a domain sets the board's alarm");
    }
  };

  private GuestClock clock(TimeServices source) {
    return new GuestClock(source, clocks.of(DOMAIN), new DomainVariables(new GuestVariablesPort(), DOMAIN, () -> false));
  }

  private final GuestClock clock = clock(board);

  private String now() {
    EfiTime time = clock.getTime().time();
    return "%d-%02d-%02d %02d:%02d:%02d".formatted(time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second());
  }

  @Test
  void itIsTheBoardsUntilTheDomainSetsIt() {
    assertEquals("2026-05-06 07:08:09", now(), "UTC, whatever the zone of the board");
    assertEquals(EfiStatus.SUCCESS, clock.setTime(new EfiTime(2030, 1, 1, 0, 0, 0, 0, 0, EfiTime.UNSPECIFIED, 0, 0)));
    seconds += 5;
    assertEquals("2030-01-01 00:00:05", now());
    assertEquals(EfiStatus.INVALID_PARAMETER, clock.setTime(EfiTime.utc(2030, 2, 30, 0, 0, 0)));
    assertEquals(EfiStatus.UNSUPPORTED, clock.setTime(EfiTime.utc(2107, 1, 1, 0, 0, 0)));
    assertEquals(EfiStatus.DEVICE_ERROR, clock.setTime(NEW_YEAR), "there are no variables to keep its zone");
    assertEquals("2030-01-01 00:00:05", now());
    assertEquals("2026-05-06 07:08:14", now(new DomainClocks()), "another domain's");
  }

  private String now(DomainClocks others) {
    EfiTime time = new GuestClock(board, others.of(DOMAIN), new DomainVariables(new GuestVariablesPort(), DOMAIN, () -> false)).getTime()
        .time();
    return "%d-%02d-%02d %02d:%02d:%02d".formatted(time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second());
  }

  @Test
  void itsAlarmIsDueWhenItsTimeComes() {
    assertEquals("1970 false false", alarm());
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, EfiTime.utc(2026, 5, 6, 7, 9, 0)));
    assertEquals("2026 true false", alarm());
    seconds += 51;
    assertEquals("2026 true true", alarm());
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, null), "as it was set before");
    assertEquals("2026 true true", alarm(), "its second isn't over");
    seconds++;
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, null));
    assertEquals("2026 true false", alarm(), "that time is over");
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(false, NEW_YEAR));
    assertEquals("2026 false false", alarm());
    assertEquals(EfiStatus.INVALID_PARAMETER, clock.setWakeupTime(true, EfiTime.utc(2026, 13, 1, 0, 0, 0)));
    assertEquals(EfiStatus.UNSUPPORTED, clock.setWakeupTime(true, EfiTime.utc(1960, 1, 1, 0, 0, 0)));
  }

  @Test
  void anAlarmThatWasDueStaysSoWhenTheClockIsSet() {
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, EfiTime.utc(2026, 5, 6, 7, 9, 0)));
    seconds += 60;
    assertEquals(EfiStatus.SUCCESS, clock.setTime(new EfiTime(2020, 1, 1, 0, 0, 0, 0, 0, EfiTime.UNSPECIFIED, 0, 0)));
    assertEquals("2026 true true", alarm());
    DomainClocks other = new DomainClocks();
    other.decode(clocks.encode());
    assertTrue(other.of(DOMAIN).settings().due());
    assertEquals(clocks.of(DOMAIN).settings(), other.of(DOMAIN).settings());
  }

  private String alarm() {
    WakeupAnswer answer = clock.getWakeupTime();
    return answer.time().year() + " " + answer.enabled() + " " + answer.pending();
  }

  @Test
  void withoutTheBoardsClockNothingIsKnown() {
    GuestClock lost = clock(new ClockPort());
    assertEquals(EfiStatus.NOT_READY, lost.getTime().status());
    assertEquals(EfiStatus.NOT_READY, lost.setTime(NEW_YEAR));
    assertEquals(EfiStatus.NOT_READY, lost.getWakeupTime().status());
    assertEquals(EfiStatus.NOT_READY, lost.setWakeupTime(true, NEW_YEAR));
    assertEquals(ClockSettings.BOARDS, clocks.of(DOMAIN).settings());
  }

  @Test
  void moreDomainsThanAnyMachineHasKeepNoMoreMemory() {
    ClockSettings ahead = new ClockSettings(1, 0, 0, false, false);
    for (int i = 0; i < DomainClocks.MOST + 10; i++) {
      clocks.of(new UUID(i, 0)).set(ahead);
    }
    assertEquals(DomainClocks.MOST * 42, clocks.encode().length);
    assertEquals(ClockSettings.BOARDS, clocks.of(new UUID(9, 0)).settings());
    assertEquals(ahead, clocks.of(new UUID(10, 0)).settings());
    assertFalse(clocks.of(DOMAIN).settings().enabled());
  }
}
