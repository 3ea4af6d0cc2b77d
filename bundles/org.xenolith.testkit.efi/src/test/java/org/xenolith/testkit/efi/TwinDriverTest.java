// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;

/** The correct driver keeps the contract. */
class TwinDriverTest extends DriverContract {
  TwinDriver.Defect defect = TwinDriver.Defect.NONE;
  private long written;

  @Override
  protected EfiLayer layer() {
    return new TwinLayer(new TwinDriver(defect), defect);
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    written = 0;
    firmware.registers(access -> {
      if (access.kind() == EfiAccess.Kind.WRITE) {
        written = access.value();
      }
      return TwinDriver.READY;
    });
    long device = firmware.room(8);
    firmware.memory().put64(device, firmware.guest(call -> EfiStep.done()));
    return firmware.handles().install(0, Protocol.VIRTIO_DEVICE, device);
  }

  @Override
  protected String outside() {
    return "register " + written;
  }
}
