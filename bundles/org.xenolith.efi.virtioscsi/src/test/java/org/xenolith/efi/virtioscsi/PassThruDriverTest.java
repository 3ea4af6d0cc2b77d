// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** The driver on a host with one queue of requests. */
class PassThruDriverTest extends DriverContract {
  private FakeVirtioDevice device;

  @Override
  protected DriverLayer layer() {
    return new PassThruLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    device = new FakeVirtioDevice(firmware, 8, FakeVirtioDevice.configuration(1, 126, 64, 1, 16, 96, 32, 63 << 16, 16383));
    return device.handle();
  }

  @Override
  protected String outside() {
    return "status " + device.status();
  }
}
