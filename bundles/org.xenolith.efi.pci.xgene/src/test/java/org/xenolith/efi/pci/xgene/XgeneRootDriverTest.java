// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a port whose link is up. */
class XgeneRootDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new XgeneRootLayer();
  }

  @Override
  protected EfiGuid managed() {
    return XgeneRootLayer.PORT;
  }

  @Override
  protected FakeFirmware firmware() {
    return new XgeneRootLayerTest().hardware(XgeneRootLayerTest.port());
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(XgeneRootLayer.PORT).getFirst();
  }
}
