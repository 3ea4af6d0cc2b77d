// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a modern function. */
class PciTransportDriverTest extends DriverContract {
  private PciTransportLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new PciTransportLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.PCI_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new PciTransportLayerTest();
    bench.hardware(0x1042, true);
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }
}
