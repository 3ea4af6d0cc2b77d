// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class LpiPortTest {
  @Test
  void nobodyTakesLpisUntilAControllerIsConnected() {
    LpiPort port = new LpiPort();
    assertNull(port.controller());
    LpiController controller = new LpiController() {
      @Override
      public void setPending(int redistributor, int intid) {}

      @Override
      public void clearPending(int redistributor, int intid) {}

      @Override
      public void reload(int redistributor, int intid) {}

      @Override
      public void reloadAll(int redistributor) {}

      @Override
      public void move(int from, int to, int intid) {}

      @Override
      public void moveAll(int from, int to) {}
    };
    port.connect(controller);
    assertEquals(controller, port.controller());
    port.connect(null);
    assertNull(port.controller());
  }
}
