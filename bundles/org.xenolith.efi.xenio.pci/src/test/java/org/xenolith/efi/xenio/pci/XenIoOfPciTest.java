// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pci;

import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.XenIoContract;

/** XENIO of Xen's platform device. */
class XenIoOfPciTest extends XenIoContract {
  private record Card(FakeFirmware firmware, XenIoPciLayer layer, long controller) implements Room {
    @Override
    public long connect() {
      return firmware.connect(layer, controller);
    }

    @Override
    public long disconnect() {
      return firmware.disconnect(layer, controller);
    }
  }

  @Override
  protected Room room(long place) {
    XenIoPciLayerTest bench = new XenIoPciLayerTest();
    bench.hardware("xen,xen");
    bench.describe(0, place, 16 << 20);
    XenIoPciLayer layer = new XenIoPciLayer();
    layer.begin(bench.firmware);
    return new Card(bench.firmware, layer, bench.controller);
  }
}
