// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtiorng;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_RNG_PROTOCOL. */
class EntropyInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    EntropyLayer layer = new EntropyLayer();
    layer.begin(firmware);
    FakeVirtioDevice device = new FakeVirtioDevice(firmware, 4, new byte[0]);
    assertEquals(0, firmware.connect(layer, device.handle()));
    return Published.of(firmware, firmware.handles().find(device.handle(), Protocol.RNG), 16, 0, 2);
  }
}
