// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.GptImage;

/** The driver on a disk with a GPT. */
class PartitionDriverTest extends DriverContract {
  private PartitionLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new PartitionLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.DISK_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new PartitionLayerTest();
    bench.hardware(GptImage.of(new byte[512 * 100]), 512);
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.disk.handle();
  }
}
