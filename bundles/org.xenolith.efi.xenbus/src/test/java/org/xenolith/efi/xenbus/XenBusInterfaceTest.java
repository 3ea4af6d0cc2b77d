// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** The protocol of PV devices. */
class XenBusInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    bench = new XenBusLayerTest();
    bench.hardware();
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.XEN_BUS).getFirst(),
        Protocol.XEN_BUS), 112, 0, 10);
  }

  @Override
  protected String outside() {
    return bench == null ? "" : bench.outside();
  }

  private XenBusLayerTest bench;
}
