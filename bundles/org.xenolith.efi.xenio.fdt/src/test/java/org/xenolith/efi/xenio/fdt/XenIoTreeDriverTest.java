// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.fdt;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on the node of a tree. */
class XenIoTreeDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new XenIoTreeLayer();
  }

  @Override
  protected EfiGuid managed() {
    return XenIoTreeLayer.MMIO;
  }

  @Override
  protected FakeFirmware firmware() {
    return XenIoTreeLayerTest.firmware(0x3800_0000L);
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(XenIoTreeLayer.MMIO).getFirst();
  }
}
