// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.fdt;

import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.XenIoContract;

/** XENIO of the tree's node. */
class XenIoOfTreeTest extends XenIoContract {
  private record Node(FakeFirmware firmware, XenIoTreeLayer layer, long controller) implements Room {
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
    FakeFirmware firmware = XenIoTreeLayerTest.firmware(place);
    XenIoTreeLayer layer = new XenIoTreeLayer();
    layer.begin(firmware);
    return new Node(firmware, layer, firmware.handles().handles(XenIoTreeLayer.MMIO).getFirst());
  }
}
