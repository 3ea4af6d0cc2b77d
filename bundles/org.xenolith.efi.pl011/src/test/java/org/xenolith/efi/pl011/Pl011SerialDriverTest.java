// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pl011;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a UART of a tree. */
class Pl011SerialDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new Pl011SerialLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Pl011SerialLayer.PL011;
  }

  @Override
  protected FakeFirmware firmware() {
    return new Pl011SerialLayerTest().firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(Pl011SerialLayer.PL011).getFirst();
  }
}
