// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL. */
class EcamInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    EcamRootLayerTest bench = new EcamRootLayerTest();

    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.firmware.handles().handles(EcamRootLayer.HOST).getFirst()));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(EcamRootLayer.HOST).getFirst(),
        Protocol.PCI_ROOT_BRIDGE_IO), 152, 8, 17);
  }
}
