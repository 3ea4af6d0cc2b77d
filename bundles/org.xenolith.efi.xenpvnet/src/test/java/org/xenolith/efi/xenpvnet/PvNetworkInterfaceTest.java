// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SIMPLE_NETWORK_PROTOCOL. */
class PvNetworkInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    PvNetworkLayerTest bench = new PvNetworkLayerTest();
    bench.hardware();
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.handle));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.SIMPLE_NETWORK).getFirst(),
        Protocol.SIMPLE_NETWORK), 128, 8, 13);
  }
}
