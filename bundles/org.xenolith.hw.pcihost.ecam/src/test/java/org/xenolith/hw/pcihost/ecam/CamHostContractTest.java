// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.pci.HostBridgeContract;

/** CAM: 256 bytes for each function, so that a bus takes 64 KiB. */
class CamHostContractTest extends HostBridgeContract {
  @Override
  protected DeviceModelFactory factory() {
    return new GenericHostComponent();
  }

  @Override
  protected PlatformNode node() {
    return ecam("pci-host-cam-generic").build();
  }

  @Override
  protected long readConfig(FakeContext bridge, int bus, int devfn, int register, int size) {
    return bridge.read(0, bus << 16 | devfn << 8 | register, size);
  }

  @Override
  protected void writeConfig(FakeContext bridge, int bus, int devfn, int register, int size, long value) {
    bridge.write(0, bus << 16 | devfn << 8 | register, size, value);
  }
}
