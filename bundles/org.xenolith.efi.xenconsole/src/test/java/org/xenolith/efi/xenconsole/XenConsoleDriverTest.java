// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenconsole;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on the console of a domain. */
class XenConsoleDriverTest extends DriverContract {
  private XenConsoleLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new XenConsoleLayer();
  }

  @Override
  protected EfiGuid managed() {
    return XenConsoleLayer.CONSOLE;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new XenConsoleLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(XenConsoleLayer.CONSOLE).getFirst();
  }
}
