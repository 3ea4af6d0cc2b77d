// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SIMPLE_NETWORK_PROTOCOL. */
class VirtioNetworkInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    VirtioNetworkLayer layer = new VirtioNetworkLayer();
    layer.begin(firmware);
    FakeVirtioDevice device = new FakeVirtioDevice(firmware, 1, new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0});
    device.features(1L << 32 | VirtioNetworkLayer.MAC | VirtioNetworkLayer.STATUS);
    assertEquals(0, firmware.connect(layer, device.handle()));
    return Published.of(firmware, firmware.handles().find(firmware.handles().handles(Protocol.SIMPLE_NETWORK).getFirst(),
        Protocol.SIMPLE_NETWORK), 128, 8, 13);
  }
}
