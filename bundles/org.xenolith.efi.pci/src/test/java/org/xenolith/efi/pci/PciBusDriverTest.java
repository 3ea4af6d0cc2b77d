// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The bus of a root bridge with a function of two BARs and a bridge with another behind it. */
class PciBusDriverTest extends DriverContract {
  private PciBusLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new PciBusLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.PCI_ROOT_BRIDGE_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new PciBusLayerTest();
    bench.hardware(4, 0x4000_0000L);
    bench.put(0, 0, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0x80)).bar(0, 0x1000, 0).bar(1, 0x20, 1);
    bench.put(0, 5, 0, new FakeRoot.Function(0x3333_1B36, 0x06_0400, 1));
    bench.put(1, 0, 0, new FakeRoot.Function(0x2222_1AF4, 0x020000, 0)).bar(0, 0x10_0000, 0);
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }
}
