// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.diskio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.DiskIoContract;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;

/** Bytes of a disk with blocks of 512 bytes. */
class DiskBytesTest extends DiskIoContract {
  @Override
  protected Disk disk() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    byte[] bytes = new byte[32 << 10];
    FakeDisk disk = new FakeDisk(firmware, bytes, 512);
    DiskIoLayer layer = new DiskIoLayer();
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, disk.handle()));
    return new Disk(firmware, firmware.handles().find(disk.handle(), Protocol.DISK_IO), 0, bytes);
  }
}
