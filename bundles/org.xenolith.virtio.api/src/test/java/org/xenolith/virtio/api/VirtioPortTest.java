// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DmaPort;

class VirtioPortTest {
  private final List<String> told = new ArrayList<>();
  private final VirtioPort port = new VirtioPort();

  private <T> T named(Class<T> type, String name) {
    return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, (self, method, words) -> {
      if (method.getName().equals("equals")) {
        return self == words[0];
      }
      told.add(name + " " + method.getName());
      return method.getReturnType() == long.class ? (Object) 0L : null;
    }));
  }

  @Test
  void eitherSideMayBeAbsent() {
    assertNull(port.function());
    assertNull(port.transport());
    assertNull(port.memory());
    VirtioFunction disk = named(VirtioFunction.class, "disk");
    port.plug(disk);
    assertSame(disk, port.function());
    port.plug(null);
    assertNull(port.function());
    port.connect(null);
    assertEquals(List.of(), told, "nobody was there to hear");
  }

  @Test
  void theTransportHearsOfEveryFunction() {
    VirtioTransport mmio = named(VirtioTransport.class, "mmio");
    port.connect(mmio);
    port.plug(named(VirtioFunction.class, "disk"));
    port.plug(null);
    assertEquals(List.of("mmio functionChanged", "mmio functionChanged"), told);
    assertSame(mmio, port.transport());
  }

  @Test
  void memoryIsReachedAsTheTransportInFrontReachesIt() {
    DmaPort gate = port.memoryOr(named(DmaPort.class, "own"));
    gate.read(0, 4);
    port.connect(named(VirtioTransport.class, "pci"), named(DmaPort.class, "bus"));
    gate.read(0, 4);
    gate.write(0, 4, 1);
    port.connect(named(VirtioTransport.class, "mmio"));
    gate.read(0, 4);
    assertEquals(List.of("own read", "bus read", "bus write", "own read"), told);
  }
}
