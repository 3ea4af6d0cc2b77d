// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.fdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** XENIO carries the place of the grant table. */
class XenIoTreeLayerTest {
  static FakeFirmware firmware(long grants) {
    return new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(
            FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("hypervisor", List.of(), List.of()).withProperty(FdtProperty
                .ofStrings(
                    "compatible", "xen,xen")).withProperty(FdtProperty.ofU64("reg", grants, 0x100_0000L)))));
  }

  @Test
  void theWindowIsTheGrantTablesPlace() {
    FakeFirmware firmware = firmware(0x3800_0000L);
    XenIoTreeLayer layer = new XenIoTreeLayer();
    layer.begin(firmware);
    long handle = firmware.handles().handles(XenIoTreeLayer.MMIO).getFirst();
    assertEquals("VenHw(A732241F-383D-4D9C-8AE1-8E09837589D7,0000003800000000)", DevicePathText.of(DevicePath.read(firmware.memory(),
        firmware
            .handles().find(handle, Protocol.DEVICE_PATH))), "as edk2's");
    int before = firmware.allocated();
    assertEquals(0, firmware.connect(layer, handle));
    assertEquals(0x3800_0000L, firmware.memory().get64(firmware.handles().find(handle, Protocol.XEN_IO)));
    assertEquals(0, firmware.disconnect(layer, handle));
    assertEquals(before, firmware.allocated());
  }

  @Test
  void aPlaceWithinAPageIsRefused() {
    FakeFirmware firmware = firmware(0x3800_0010L);
    XenIoTreeLayer layer = new XenIoTreeLayer();
    layer.begin(firmware);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, firmware.handles().handles(XenIoTreeLayer.MMIO).getFirst())));
    assertTrue(firmware.reports().getFirst().contains("expected whole pages"), firmware.reports()::toString);
  }
}
