// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a controller that the test plays. */
class NvmeBlockDriverTest extends DriverContract {
  private NvmeBlockLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new NvmeBlockLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.PCI_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new NvmeBlockLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }

  @Override
  protected String outside() {
    return "enabled " + bench.nvme.isEnabled();
  }
}
