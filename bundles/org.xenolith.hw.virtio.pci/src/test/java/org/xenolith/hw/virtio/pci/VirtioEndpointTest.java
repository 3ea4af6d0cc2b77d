package org.xenolith.hw.virtio.pci;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** What the transport is as an endpoint; what its queues do to memory is in {@code VirtioPciTest}. */
class VirtioEndpointTest extends PciEndpointContract {
  @Override protected DeviceModelFactory factory() {
    return new VirtioPciComponent();
  }

  @Override protected PlatformNode node() {
    return FakePciHost.function("virtio@1", "xenolith,pci-virtio").build();
  }

  @Override protected void around(FakeContext function) {
    VirtioPort port = function.port(VirtioPort.class);
    port.plug(new EchoFunction(port));
  }
}
