// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on the first of two transports of a tree. */
class MmioTransportDriverTest extends DriverContract {
  private MmioTransportLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new MmioTransportLayer();
  }

  @Override
  protected EfiGuid managed() {
    return MmioTransportLayer.TRANSPORT;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new MmioTransportLayerTest();
    bench.hardware();
    bench.registers.put(4L, 2L);
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(MmioTransportLayer.TRANSPORT).getFirst();
  }
}
