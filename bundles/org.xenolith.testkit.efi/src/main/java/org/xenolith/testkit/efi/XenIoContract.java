// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;

/** What XENIO must keep, whoever publishes it: it carries the place of the grant table and nothing else (edk2, OvmfPkg/Include/Protocol/XenIo.h). */
public abstract class XenIoContract {
  private static final long PLACE = 0x3800_0000L;
  private static final long ABOVE = 0x47_0000_0000L;
  private static final long PAGE = 4096;

  /** Something that has room for a grant table, and whose driver hasn't been connected. */
  public interface Room {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Its handle. */
    long controller();

    /** Connects the driver; its status. */
    long connect();

    /** Disconnects it; its status. */
    long disconnect();
  }

  /** A new one. @param place address of 16 MiB that it has for a grant table */
  protected abstract Room room(long place);

  private static Room connected(Room room) {
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(room.connect()), "a driver that is connected");
    return room;
  }

  private static long grantTableAddress(Room room) {
    return room.firmware().memory().get64(room.firmware().handles().find(room.controller(), Protocol.XEN_IO));
  }

  @Test
  void theGrantTablesPlaceIsTold() {
    for (long place : new long[] {PLACE, ABOVE, PAGE}) {
      assertEquals(place, grantTableAddress(connected(room(place))), "GrantTableAddress");
    }
  }

  @Test
  void itIsOnTheControllersHandleAndNoOther() {
    Room room = room(PLACE);
    List<Long> before = room.firmware().handles().handles(null);
    connected(room);
    assertEquals(List.of(room.controller()), room.firmware().handles().handles(Protocol.XEN_IO));
    assertEquals(before, room.firmware().handles().handles(null), "no handle is made");
  }

  @Test
  void nothingOfThePlaceIsTouched() {
    Room room = room(PLACE);
    room.firmware().registers(access -> {
      throw new AssertionError("the table isn't there yet, but 0x" + Long.toHexString(access.address()) + " is touched");
    });
    connected(room);
    assertEquals(PLACE, grantTableAddress(room));
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(room.disconnect()));
  }

  @Test
  void itIsTheSameAgainAndNothingIsLeft() {
    Room room = room(PLACE);
    String before = FirmwareState.of(room.firmware());
    for (int i = 0; i < 3; i++) {
      assertEquals(PLACE, grantTableAddress(connected(room)));
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(room.disconnect()));
      assertEquals(before, FirmwareState.of(room.firmware()), "after the driver has stopped");
    }
  }

  @Test
  void whatIsNoPlaceForATableIsRefused() {
    for (long place : new long[] {0, PLACE + 0x10, PLACE + PAGE / 2, ABOVE + 1}) {
      Room room = room(place);
      String before = FirmwareState.of(room.firmware());
      assertNotEquals(EfiStatus.SUCCESS, EfiStatus.of(room.connect()), () -> "room at 0x" + Long.toHexString(place));
      assertFalse(room.firmware().handles().has(room.controller(), Protocol.XEN_IO));
      assertEquals(before, FirmwareState.of(room.firmware()));
      assertFalse(room.firmware().reports().isEmpty(), "why is said");
    }
  }
}
