// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on a line that takes everything. */
class TerminalDriverTest extends DriverContract {
  @Override
  protected DriverLayer layer() {
    return new TerminalLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.SERIAL_IO;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    long serial = firmware.room(SerialInterface.SIZE);
    SerialInterface.write(firmware.memory(), serial, 16);
    for (int i = 0; i < SerialInterface.functions().length; i++) {
      firmware.memory().put64(serial + SerialInterface.FUNCTIONS + 8L * i, firmware.guest(call -> EfiStep.done()));
    }
    return firmware.handles().install(0, Protocol.SERIAL_IO, serial);
  }
}
