// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.FirmwareRequestsPort;
import org.xenolith.efi.boot.api.Protocol;

/** Drivers are connected and disconnected because a person wants it. */
class PersonRequestsTest {
  private final Stand stand = new Stand();
  private final List<String> calls = new ArrayList<>();
  private long controller;

  private String request(String... words) {
    return stand.context.port(FirmwareRequestsPort.class).request(List.of(words));
  }

  private String refused(String... words) {
    return assertThrows(IllegalArgumentException.class, () -> request(words)).getMessage();
  }

  /** A driver of the guest's that manages every controller with a device path. */
  private void driver() {
    controller = stand.firmware().handles().install(0, Protocol.DEVICE_PATH, stand.room(16));
    stand.memory.write(stand.firmware().handles().find(controller, Protocol.DEVICE_PATH), new byte[] {0x7F, (byte) 0xFF, 4, 0});
    long binding = stand.room(48);
    long handle = stand.firmware().handles().install(0, Protocol.DRIVER_BINDING, binding);
    stand.memory.put64(binding, stand.guest(a -> calls.contains("start") ? 0x8000_0000_0000_0014L : 0));
    stand.memory.put64(binding + 8, stand.guest(a -> {
      calls.add("start");
      stand.firmware().handles().open(a[1], Protocol.DEVICE_PATH, handle, a[1], 16);
      return 0;
    }));
    stand.memory.put64(binding + 16, stand.guest(a -> {
      calls.add("stop");
      stand.firmware().handles().close(a[1], Protocol.DEVICE_PATH, handle, a[1]);
      return 0;
    }));
    stand.memory.put64(binding + 40, handle);
  }

  @Test
  void driversAreConnectedAndDisconnectedAtTheGuestsNextCall() {
    stand.enter();
    driver();
    int events = stand.firmware().events().count();
    assertTrue(request("connect").startsWith("it is done when"));
    assertEquals(List.of(), calls, "not yet");
    stand.firmware().events().level(8);
    stand.boot(BootService.RAISE_TPL, 8);
    assertEquals(List.of(), calls, "not at this level");
    stand.boot(BootService.RESTORE_TPL, 4);
    assertEquals(List.of("start"), calls);
    assertTrue(request("disconnect", "3").startsWith("it is done when"));
    stand.boot(BootService.RAISE_TPL, 4);
    assertEquals(List.of("start", "stop"), calls);
    // The handle itself, for programs: numbers are others as soon as a handle is gone.
    calls.clear();
    request("connect", "0x" + Long.toHexString(controller));
    stand.boot(BootService.RAISE_TPL, 4);
    assertEquals(List.of("start"), calls);
    assertEquals(events, stand.firmware().events().count(), "nothing is left");
    List<String> said = stand.context.reportedEvents().stream().filter(each -> each.kind().equals("efi-request")).map(
        org.xenolith.testkit.FakeContext.Event::text).toList();
    assertEquals(List.of("connect of all handles", "disconnect: SUCCESS", "connect: SUCCESS"), said);
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    assertEquals("boot services are over, or the firmware isn't there", refused("connect"));
    stand.enter();
    assertEquals("disconnect wants a handle: its number in 'efi dh'", refused("disconnect"));
    assertEquals("handle '99': expected a number of 'efi dh', 1 to 2", refused("connect", "99"));
    assertEquals("handle 'x': expected a number of 'efi dh', 1 to 2", refused("connect", "x"));
    for (String none : List.of("0x", "0x1g", "0x12345678", "0x0", "0x-1", "0xfffffffffffffffff")) {
      assertEquals("handle '" + none + "': there is none (any more); 'efi dh' has their numbers", refused("disconnect", none));
    }
    assertTrue(refused("format", "1").startsWith("expected connect"), () -> refused("format", "1"));
  }
}
