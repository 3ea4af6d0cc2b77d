// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pci;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on Xen's platform device. */
class XenIoPciDriverTest extends DriverContract {
  private XenIoPciLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new XenIoPciLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.PCI_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new XenIoPciLayerTest();
    bench.hardware("xen,xen");
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }
}
