// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a unit that carries out what the test knows. */
class ScsiDiskDriverTest extends DriverContract {
  private ScsiDiskLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new ScsiDiskLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.SCSI_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new ScsiDiskLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }
}
