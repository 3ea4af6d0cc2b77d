// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** The driver on a card whose cable is plugged in. */
class VirtioNetworkDriverTest extends DriverContract {
  private FakeVirtioDevice device;

  @Override
  protected DriverLayer layer() {
    return new VirtioNetworkLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    device = new FakeVirtioDevice(firmware, 1, new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0});
    device.features(1L << 32 | VirtioNetworkLayer.MAC | VirtioNetworkLayer.STATUS);
    return device.handle();
  }

  @Override
  protected String outside() {
    return "status " + device.status();
  }
}
