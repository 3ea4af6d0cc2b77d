// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** edk2's protocol of virtio devices. */
class MmioInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    MmioTransportLayerTest bench = new MmioTransportLayerTest();
    bench.hardware();
    bench.registers.put(4L, 2L);
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.firmware.handles().handles(MmioTransportLayer.TRANSPORT).getFirst()));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(MmioTransportLayer.TRANSPORT)
        .getFirst(), Protocol.VIRTIO_DEVICE), 144, 8, 17);
  }
}
