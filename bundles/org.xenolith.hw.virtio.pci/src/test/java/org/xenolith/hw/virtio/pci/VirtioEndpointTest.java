// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** A driver that gives the device one buffer: the device writes the used ring. */
class VirtioEndpointTest extends PciEndpointContract {
  private static final int VENDOR_SPECIFIC = 9;
  private static final int COMMON = 1;
  private static final int NOTIFY = 2;
  private static final int SIZE = 8;
  private static final int FEATURES_OK = 11;
  private static final int DRIVER_OK = 15;

  @Override
  protected DeviceModelFactory factory() {
    return new VirtioPciComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("virtio@1", "xenolith,pci-virtio").build();
  }

  @Override
  protected void around(FakeContext function) {
    VirtioPort port = function.port(VirtioPort.class);
    port.plug(new EchoFunction(port));
  }

  /** Virtual I/O Device 1.2, 4.1.4: where in the BAR a structure is. */
  private static int structure(FakePciHost pci, int type) {
    int at = pci.capability(VENDOR_SPECIFIC, 0);
    while (pci.config(at + 3, 1) != type) {
      at = pci.capability(VENDOR_SPECIFIC, at);
    }
    return pci.config(at + 8, 4);
  }

  private static void common(FakePciHost pci, CommonField field, long value) {
    pci.write(structure(pci, COMMON) + field.offset, field.size, value);
  }

  @Override
  protected Set<Feature> features() {
    return Set.of(Feature.MEMORY_WRITES, Feature.INTERRUPT_PIN, Feature.MSIX, Feature.POWER_STATES, Feature.FUNCTION_RESET);
  }

  @Override
  protected void writeMemory(FakePciHost pci, long target) {
    DriverQueue queue = new DriverQueue(pci.context().dma(), FakeMemory.BASE, SIZE);
    common(pci, CommonField.device_status, 0);
    common(pci, CommonField.device_status, 3);
    common(pci, CommonField.driver_feature_select, 1);
    common(pci, CommonField.driver_feature, 3);
    common(pci, CommonField.device_status, FEATURES_OK);
    common(pci, CommonField.queue_select, 0);
    common(pci, CommonField.queue_size, SIZE);
    common(pci, CommonField.queue_msix_vector, 0);
    common(pci, CommonField.queue_desc, queue.descriptors);
    common(pci, CommonField.queue_driver, queue.available);
    common(pci, CommonField.queue_device, target);
    common(pci, CommonField.queue_enable, 1);
    common(pci, CommonField.device_status, DRIVER_OK);
    queue.describe(0, FakeMemory.BASE + 0x1_0000, 16, 0, 0).offer(0);
    pci.write(structure(pci, NOTIFY), 2, 0);
  }

  @Override
  protected void interrupt(FakePciHost pci) {
    writeMemory(pci, FakeMemory.BASE + 0x10_0000);
  }
}
