// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.diskio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_DISK_IO_PROTOCOL. */
class DiskIoInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    DiskIoLayer layer = new DiskIoLayer();
    layer.begin(firmware);
    long disk = new FakeDisk(firmware, new byte[64 << 10], 512).handle();
    assertEquals(0, firmware.connect(layer, disk));
    return Published.of(firmware, firmware.handles().find(disk, Protocol.DISK_IO), 24, 8, 2);
  }
}
