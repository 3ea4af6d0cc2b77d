// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_PCI_IO_PROTOCOL. */
class PciInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    PciBusLayerTest bench = new PciBusLayerTest();
    bench.hardware(4, 0x4000_0000L);
    bench.put(0, 0, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0)).bar(0, 0x1000, 0).bar(1, 0x20, 1);
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.PCI_IO).getFirst(),
        Protocol.PCI_IO), 160, 0, 18);
  }
}
