// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.dw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

/** What a driver that knows nothing of the defect finds. */
class GhostsTest {
  @Test
  void withoutTheDriversHelpTheDeviceIsThere32Times() {
    FakeHypervisor hyp = new FakeHypervisor(1, Map.of(DesignWareDriverComponent.HIDE_GHOSTS, "false"));
    FakeConfiguration behind = new FakeConfiguration();
    behind.add(0, 0x1111_16C3);
    hyp.beside(DesignWareDriverContractTest.bridgeNode());
    AddressWindow window = DesignWareDriverContractTest.bridgeNode().windows().getFirst();
    hyp.machine().window(window, HostBridgeDriverContract.window(window, new FakeDesignWare(behind, window.base())));
    hyp.install("pcihost.dw", new DesignWareDriverComponent());
    for (int device = 0; device < 32; device++) {
      assertEquals(0x1111_16C3, hyp.port(HostBridgesPort.class).all().getFirst().read(device << 3, 0, 4), "device " + device);
    }
  }
}
