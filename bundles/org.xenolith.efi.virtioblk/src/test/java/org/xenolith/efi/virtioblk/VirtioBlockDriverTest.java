// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** The driver on a disk of 4 MiB. */
class VirtioBlockDriverTest extends DriverContract {
  private FakeVirtioDevice device;

  @Override
  protected DriverLayer layer() {
    return new VirtioBlockLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    device = new FakeVirtioDevice(firmware, 2, FakeVirtioDevice.configuration(8192, 0, 0, 0, 0, 512));
    return device.handle();
  }

  @Override
  protected String outside() {
    return "status " + device.status();
  }
}
