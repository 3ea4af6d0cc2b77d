// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.control.Machine;

/** Programs ask what firmware there is. */
class FirmwareInventoryPortTest {
  private static final FirmwareFacts ONE = new FirmwareFacts("one", List.of(), List.of(), List.of(), List.of());
  private final FirmwareInventoryPort port = new FirmwareInventoryPort();
  private final List<Runnable> posted = new ArrayList<>();
  private final Machine machine = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class}, (proxy,
      method, arguments) -> {
    assertEquals("post", method.getName());
    posted.add((Runnable) arguments[0]);
    return null;
  });

  @Test
  void withoutAProviderThereIsNoFirmware() {
    assertEquals(List.of(), port.firmwares());
    FirmwareInventory core = () -> List.of(ONE);
    port.attach(core, null);
    assertEquals(List.of(ONE), port.firmwares());
    port.detach(core);
    assertEquals(List.of(), port.firmwares());
  }

  @Test
  void whoAsksFromElsewhereIsAnsweredWhenTheMachineIsAtASafePoint() {
    CompletableFuture<List<FirmwareFacts>> answer = port.ask(machine);
    assertFalse(answer.isDone());
    port.attach(() -> List.of(ONE), null);
    posted.forEach(Runnable::run);
    assertEquals(List.of(ONE), answer.join());
  }
}
