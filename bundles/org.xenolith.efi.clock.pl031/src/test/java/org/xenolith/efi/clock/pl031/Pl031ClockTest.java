// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.clock.pl031;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableStore;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Registers in, dates out, and back. */
class Pl031ClockTest {
  /** 2026-01-01 00:00:00 UTC. */
  private static final long NEW_YEAR = 1_767_225_600L;
  private final Registers registers = new Registers();
  private final Map<String, byte[]> variables = new TreeMap<>();
  private EfiStatus kept = EfiStatus.SUCCESS;
  private FakeContext context;
  private DeviceModel model;
  private ClockPort clock;

  static FakeContext machine(PlatformNode... others) {
    return new FakeContext(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build()).beside(others);
  }

  static PlatformNode rtc() {
    return FakeNode.at("/pl031@9010000").compatible("arm,pl031", "arm,primecell").window(Registers.BASE, 0x1000).build();
  }

  @BeforeEach
  void start() {
    context = machine(rtc());
    context.physical(cpu -> registers);
    model = context.create(new ClockComponent());
    clock = context.port(ClockPort.class);
    registers.values.put(0L, NEW_YEAR);
    context.port(VariablesPort.class).attach((VariableStore) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {VariableStore.class}, (proxy, method, arguments) -> {
          if (method.getName().equals("getVariable")) {
            byte[] data = variables.get(arguments[0].toString().replaceFirst("-.*", ""));
            return data == null ? VariableAnswer.of(EfiStatus.NOT_FOUND)
                : new VariableAnswer(EfiStatus.SUCCESS, 7, data.length, data.clone());
          }
          assertEquals("setVariable", method.getName());
          assertEquals(7, arguments[1]);
          if (kept == EfiStatus.SUCCESS) {
            variables.put(arguments[0].toString().replaceFirst("-.*", ""), ((byte[]) arguments[2]).clone());
          }
          return kept;
        }), context);
  }

  private static EfiTime time(int year, int month, int day, int hour, int minute, int second, int zone, int daylight) {
    return new EfiTime(year, month, day, hour, minute, second, 0, 0, zone, daylight, 0);
  }

  @Test
  void dateIsThatOfTheRegister() {
    assertEquals(new TimeAnswer(EfiStatus.SUCCESS, time(2026, 1, 1, 0, 0, 0, EfiTime.UNSPECIFIED, 0), 1, 0, false), clock.getTime());
    registers.values.put(0L, 0xFFFF_FFFFL);
    assertEquals(time(2106, 2, 7, 6, 28, 15, EfiTime.UNSPECIFIED, 0), clock.getTime().time());
  }

  /** A zone that isn't said has no place and needs none: nothing is written beside the clock. */
  @Test
  void dateIsSetWithTheLoadRegister() {
    EfiTime leap = time(2028, 2, 29, 23, 59, 59, EfiTime.UNSPECIFIED, 0);
    assertEquals(EfiStatus.SUCCESS, clock.setTime(leap));
    assertEquals(List.of("8=6d6739ff"), registers.writes);
    assertEquals(leap, clock.getTime().time());
    assertEquals(Map.of(), variables);
  }

  @Test
  void zoneAndDaylightAreKeptInVariablesAndTheClockHasUtc() {
    EfiTime vienna = time(2026, 7, 1, 12, 0, 0, -60, 3);
    assertEquals(EfiStatus.SUCCESS, clock.setTime(vienna));
    assertEquals(1_782_907_200L - 2 * 3600, registers.values.get(0L), "12:00 in summer is 10:00 UTC");
    assertEquals(vienna, clock.getTime().time());
    assertEquals(List.of("RtcDaylight", "RtcTimeZone"), List.copyOf(variables.keySet()));
    assertEquals(-60, variables.get("RtcTimeZone")[0]);
    assertEquals(-1, variables.get("RtcTimeZone")[1]);
    EfiTime utc = time(2026, 7, 1, 10, 0, 1, 0, 0);
    assertEquals(EfiStatus.SUCCESS, clock.setTime(utc));
    assertEquals(utc, clock.getTime().time());
  }

  @Test
  void whatCannotBeKeptIsAnErrorAndTheClockGoesOn() {
    kept = EfiStatus.OUT_OF_RESOURCES;
    assertEquals(EfiStatus.DEVICE_ERROR, clock.setTime(EfiTime.utc(2027, 1, 1, 0, 0, 0)));
    assertEquals(List.of(), registers.writes);
    assertEquals(EfiStatus.SUCCESS, clock.setTime(time(2027, 1, 1, 0, 0, 0, EfiTime.UNSPECIFIED, 0)));
  }

  /** Anybody can write the variables. */
  @Test
  void keptRubbishIsAsGoodAsNothing() {
    variables.put("RtcTimeZone", new byte[] {0, 0x60});
    variables.put("RtcDaylight", new byte[] {(byte) 0xFC});
    assertEquals(time(2026, 1, 1, 0, 0, 0, EfiTime.UNSPECIFIED, 0), clock.getTime().time());
    variables.put("RtcTimeZone", new byte[] {0});
    variables.put("RtcDaylight", new byte[0]);
    assertEquals(time(2026, 1, 1, 0, 0, 0, EfiTime.UNSPECIFIED, 0), clock.getTime().time());
  }

  @Test
  void datesThatAreNoneOrOutOfReachAreRefused() {
    for (boolean alarm : new boolean[] {false, true}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, set(alarm, EfiTime.utc(2026, 2, 29, 0, 0, 0)));
      assertEquals(EfiStatus.INVALID_PARAMETER, set(alarm, time(2026, 1, 1, 0, 0, 0, 1441, 0)));
      assertEquals(EfiStatus.UNSUPPORTED, set(alarm, EfiTime.utc(1969, 12, 31, 23, 59, 59)));
      assertEquals(EfiStatus.UNSUPPORTED, set(alarm, EfiTime.utc(2106, 2, 7, 6, 28, 16)));
      assertEquals(EfiStatus.UNSUPPORTED, set(alarm, time(1970, 1, 1, 0, 30, 0, -60, 0)));
    }
    assertEquals(List.of(), registers.writes);
    assertEquals(EfiStatus.SUCCESS, clock.setTime(EfiTime.utc(2106, 2, 7, 6, 28, 15)));
  }

  private EfiStatus set(boolean alarm, EfiTime time) {
    return alarm ? clock.setWakeupTime(true, time) : clock.setTime(time);
  }

  @Test
  void alarmIsTheMatchRegisterWithItsInterrupt() {
    EfiTime when = time(2026, 1, 1, 0, 1, 40, EfiTime.UNSPECIFIED, 0);
    assertEquals(new WakeupAnswer(EfiStatus.SUCCESS, false, false, time(1970, 1, 1, 0, 0, 0, EfiTime.UNSPECIFIED, 0)),
        clock.getWakeupTime());
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, when));
    assertEquals(List.of("10=0", "1c=1", "4=" + Long.toHexString(NEW_YEAR + 100), "10=1"), registers.writes);
    assertEquals(new WakeupAnswer(EfiStatus.SUCCESS, true, false, when), clock.getWakeupTime());
    registers.values.put(0x14L, 1L);
    assertEquals(new WakeupAnswer(EfiStatus.SUCCESS, true, true, when), clock.getWakeupTime());
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(false, when));
    assertEquals(new WakeupAnswer(EfiStatus.SUCCESS, false, false, when), clock.getWakeupTime());
    assertEquals(EfiStatus.SUCCESS, clock.setWakeupTime(true, null), "as it was set");
    assertEquals(new WakeupAnswer(EfiStatus.SUCCESS, true, false, when), clock.getWakeupTime());
  }

  @Test
  void clockThatWasTakenOutIsADeviceError() {
    for (int how = 0; how < 2; how++) {
      registers.removed = how == 0;
      registers.aborts = how == 1;
      assertEquals(TimeAnswer.of(EfiStatus.DEVICE_ERROR), clock.getTime());
      assertEquals(WakeupAnswer.of(EfiStatus.DEVICE_ERROR), clock.getWakeupTime());
      assertEquals(EfiStatus.DEVICE_ERROR, clock.setTime(EfiTime.utc(2027, 1, 1, 0, 0, 0)));
      assertEquals(EfiStatus.DEVICE_ERROR, clock.setWakeupTime(false, null));
    }
    assertTrue(clock.present());
  }

  @Test
  void boardWithoutOneIsLeftToOthers() {
    FakeContext other = machine(FakeNode.at("/rtc@0").compatible("apm,xgene-rtc").window(0, 0x1000).build());
    other.create(new ClockComponent());
    assertFalse(other.port(ClockPort.class).present());
    model.removed();
    assertFalse(clock.present());
  }
}
