// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_EXT_SCSI_PASS_THRU_PROTOCOL. */
class PassThruInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    PassThruLayer layer = new PassThruLayer();
    layer.begin(firmware);
    FakeVirtioDevice device = new FakeVirtioDevice(firmware, 8, FakeVirtioDevice.configuration(1, 126, 64, 1, 16, 96, 32, 63 << 16, 16383));
    assertEquals(0, firmware.connect(layer, device.handle()));
    return Published.of(firmware, firmware.handles().find(device.handle(), Protocol.EXT_SCSI_PASS_THRU), 64, 8, 7);
  }
}
