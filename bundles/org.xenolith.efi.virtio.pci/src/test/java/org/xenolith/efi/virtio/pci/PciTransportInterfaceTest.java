// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** edk2's protocol of virtio devices. */
class PciTransportInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    PciTransportLayerTest bench = new PciTransportLayerTest();
    bench.hardware(0x1042, true);
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.controller, Protocol.VIRTIO_DEVICE), 144, 8, 17);
  }
}
