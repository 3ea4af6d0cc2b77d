// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

class DebuggerPortTest {
  private static DebuggerPort port(String text) {
    return DebuggerPort.of("gdb", 1234, text);
  }

  @Test
  void withoutAWordItIsTheUsualPortOfThisComputerAlone() {
    DebuggerPort settings = port("");
    assertEquals(1234, settings.address().getPort());
    assertTrue(settings.address().getAddress().isLoopbackAddress());
    assertFalse(settings.halted() || settings.haltOnLoss());
  }

  @Test
  void portAndWordsMayBeSaidAlone() {
    assertEquals(0, port("0").address().getPort());
    assertTrue(port("halted").halted());
    DebuggerPort all = port("0.0.0.0:77,halt-on-loss,halted");
    assertTrue(all.halted() && all.haltOnLoss() && all.address().getAddress().isAnyLocalAddress());
    assertEquals(77, all.address().getPort());
  }

  @Test
  void whatCanNotBeMeantIsRefusedWithTheForm() {
    for (String text : List.of("65536", "-1", "here", "1234,stopped", ",halted", "halted,1234", "1234,", ":1234", "1:2:x")) {
      BadInput refused = assertThrows(BadInput.class, () -> port(text), text);
      assertTrue(refused.getMessage().contains("[[HOST:]PORT][,halted][,halt-on-loss]"), refused.getMessage());
    }
  }

  @Test
  void aPortThatSomebodyHasIsRefusedBeforeTheLaunch() throws Exception {
    try (ServerSocket taken = port("0").listen()) {
      String text = Integer.toString(taken.getLocalPort());
      BadInput refused = assertThrows(BadInput.class, () -> port(text).check());
      assertTrue(refused.getMessage().contains("port " + text) && refused.getMessage().contains("0 for any that is free"), refused
          .getMessage());
    }
  }
}
