// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.diskio;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a disk of 64 KiB. */
class DiskIoDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new DiskIoLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.BLOCK_IO;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return new FakeDisk(firmware, new byte[64 << 10], 512).handle();
  }
}
