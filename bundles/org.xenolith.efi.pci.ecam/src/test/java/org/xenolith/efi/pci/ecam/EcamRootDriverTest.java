// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a host with ECAM. */
class EcamRootDriverTest extends DriverContract {
  private EcamRootLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new EcamRootLayer();
  }

  @Override
  protected EfiGuid managed() {
    return EcamRootLayer.HOST;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new EcamRootLayerTest();

    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(EcamRootLayer.HOST).getFirst();
  }
}
