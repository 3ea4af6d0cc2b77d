// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtiorng;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** The driver on a device with a queue and no configuration. */
class EntropyDriverTest extends DriverContract {
  private FakeVirtioDevice device;

  @Override
  protected DriverLayer layer() {
    return new EntropyLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    device = new FakeVirtioDevice(firmware, 4, new byte[0]);
    return device.handle();
  }

  @Override
  protected String outside() {
    return "status " + device.status();
  }
}
