// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a UART of a tree. */
class Ns16550SerialDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new Ns16550SerialLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Ns16550SerialLayer.NS16550;
  }

  @Override
  protected FakeFirmware firmware() {
    return Ns16550SerialLayerTest.firmware(Ns16550SerialLayerTest.uart());
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(Ns16550SerialLayer.NS16550).getFirst();
  }
}
