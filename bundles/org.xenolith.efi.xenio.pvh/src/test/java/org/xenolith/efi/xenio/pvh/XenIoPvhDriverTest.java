// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pvh;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a PVH guest's node. */
class XenIoPvhDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new XenIoPvhLayer();
  }

  @Override
  protected EfiGuid managed() {
    return XenIoPvhLayer.GUEST;
  }

  @Override
  protected FakeFirmware firmware() {
    return XenIoPvhLayerTest.firmware();
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(XenIoPvhLayer.GUEST).getFirst();
  }
}
