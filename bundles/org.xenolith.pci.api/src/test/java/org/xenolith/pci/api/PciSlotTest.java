// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

class PciSlotTest {
  private final PciBusPort bus = new PciBusPort();

  private DeviceContext context(FdtProperty... properties) {
    PlatformNode node = new PlatformNode("/pcie/card@1,2", "card@1,2", "/pcie", List.of(properties), List.of(), true, List.of(), List.of(),
        Map.of());
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (self, method, words) -> switch (method.getName()) {
          case "node" -> node;
          case "instance" -> node.path();
          case "port" -> words[0].equals("/pcie") && words[1] == PciBusPort.class ? bus : null;
          default -> throw new AssertionError(method.getName());
        });
  }

  @Test
  void thePlaceIsTheNodesOnTheParentsBus() {
    assertEquals(new PciSlot(bus, 0x15 << 3 | 2), PciSlot.of(context(FdtProperty.ofCells("reg", 0x15 << 11 | 2 << 8, 0, 0, 0, 0))));
  }

  @Test
  void aNodeWithoutPlaceIsNamed() {
    ModelException nowhere = assertThrows(ModelException.class, () -> PciSlot.of(context()));
    assertEquals("/pcie/card@1,2: reg: expected a PCI address, whose first cell is DEVICE << 11 | FUNCTION << 8", nowhere.getMessage());
  }
}
