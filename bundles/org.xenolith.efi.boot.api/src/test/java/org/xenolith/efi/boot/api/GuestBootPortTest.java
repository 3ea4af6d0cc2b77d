// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls of guests come to the core, if there is one. */
class GuestBootPortTest {
  @Test
  void withoutACoreNobodyAnswers() {
    GuestBootPort port = new GuestBootPort();
    long[] registers = {1, 2};
    port.call(null, registers);
    assertEquals(-1, registers[0]);
    assertEquals(2, registers[1]);
    assertFalse(port.answers(1));
    assertFalse(port.hasBootServices(1));
    port.gone(1);
  }

  @Test
  void theCoreAnswersAndHearsWhoIsGone() {
    GuestBootPort port = new GuestBootPort();
    List<Integer> gone = new ArrayList<>();
    port.attach(new GuestBoot() {
      @Override
      public boolean answers(int function) {
        return function == 7;
      }

      @Override
      public void call(BootGuest guest, long[] registers) {
        registers[0] = 3;
      }

      @Override
      public boolean hasBootServices(int guest) {
        return guest == 5;
      }

      @Override
      public void gone(int guest) {
        gone.add(guest);
      }
    }, null);
    long[] registers = {1};
    port.call(null, registers);
    assertEquals(3, registers[0]);
    assertTrue(port.answers(7));
    assertFalse(port.answers(8));
    assertTrue(port.hasBootServices(5));
    port.gone(5);
    assertEquals(List.of(5), gone);
  }

  /** Drivers and buses of different releases meet by these places. */
  @Test
  void theBusProtocolHasItsPlaces() {
    assertEquals(List.of(0, 8, 16, 24, 32, 40, 48, 56, 64, 72), java.util.Arrays.stream(XenBus.values()).map(XenBus::offset).toList());
    assertEquals(List.of(80, 88, 96, 104, 108, 112), List.of(XenBus.TYPE, XenBus.NODE, XenBus.BACKEND, XenBus.BACKEND_DOMAIN, XenBus.NUMBER,
        XenBus.SIZE));
  }
}
