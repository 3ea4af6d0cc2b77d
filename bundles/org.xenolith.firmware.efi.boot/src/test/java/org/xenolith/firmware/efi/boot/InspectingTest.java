// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;

/** What a person sees at the monitor prompt. */
class InspectingTest {
  private final Stand stand = new Stand();

  private List<String> answer(String question) {
    return stand.context.port(InspectionPort.class).answer(question);
  }

  @Test
  void handlesMemoryAndOpenCallsAreShown() {
    assertEquals(List.of(), answer("dh"), "nobody has entered it");
    stand.enter();
    byte[] path = new DevicePath().partition(1, 2048, 100, new byte[16], 2).file("\\a.efi").bytes();
    long at = stand.room(path.length);
    stand.memory.write(at, path);
    stand.firmware().handles().install(0, Protocol.DEVICE_PATH, at);
    assertEquals(List.of("01: LoadedImage", "02: SimpleTextInput SimpleTextOutput",
        "03: DevicePath  HD(1,GPT,00000000-0000-0000-0000-000000000000,0x800,0x64)/\\a.efi"), answer(
            "dh"));
    assertTrue(answer("memmap").getFirst().startsWith("boot-services-code"), answer("memmap")::toString);
    assertEquals(List.of("HD(1,GPT,00000000-0000-0000-0000-000000000000,0x800,0x64)/\\a.efi"), answer("devtree"));
    assertEquals(List.of(), answer("drivers"));
    stand.layer("test", java.util.Map.of());
    assertEquals(List.of("test version 1"), answer("layers"));
    long event = stand.room(16);
    long asks = stand.guest(a -> {
      assertEquals(List.of("core.CHECK_EVENT step 1, open for 0 ms"), answer("calls"));
      return 0;
    });
    assertEquals(0, stand.boot(BootService.CREATE_EVENT, 0x100, 16, asks, 0, event));
    stand.boot(BootService.CHECK_EVENT, stand.memory.get64(event));
    assertEquals(List.of(), answer("nonsense"));
  }
}
