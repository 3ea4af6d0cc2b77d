// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;

/** The driver on a volume with a file. */
class FatDriverTest extends DriverContract {
  private FatLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new FatLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.DISK_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new FatLayerTest();
    bench.hardware(new FatImage(16, false).file("a", new byte[] {1}).bytes());
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.disk.handle();
  }
}
