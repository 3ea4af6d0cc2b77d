// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pvh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** XENIO carries the place of pages that were asked for once. */
class XenIoPvhLayerTest {
  private static final long PAGES = 0x3_4000;

  private final List<Long> asked = new ArrayList<>();

  static FakeFirmware firmware() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells(
        "#size-cells", 2)), List.of(new FdtNode("hypervisor", List.of(FdtProperty.ofStrings("compatible", "xen,pvh"), FdtProperty.ofU64(
            "reg", 0, 4096)), List.of())))));
    firmware.service(BootService.ALLOCATE_PAGES, call -> {
      call.firmware().memory().put64(call.argument(3), PAGES);
      return EfiStep.done();
    });
    return firmware;
  }

  private static long told(FakeFirmware firmware, long handle) {
    return firmware.memory().get64(firmware.handles().find(handle, Protocol.XEN_IO));
  }

  @Test
  void reservedPagesAreTheGrantTablesPlaceEachTime() {
    FakeFirmware firmware = firmware();
    firmware.service(BootService.ALLOCATE_PAGES, call -> {
      asked.addAll(List.of(call.argument(0), call.argument(1), call.argument(2)));
      call.firmware().memory().put64(call.argument(3), PAGES);
      return EfiStep.done();
    });
    XenIoPvhLayer layer = new XenIoPvhLayer();
    layer.begin(firmware);
    long handle = firmware.handles().handles(XenIoPvhLayer.GUEST).getFirst();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, firmware.connect(layer, handle));
      assertEquals(PAGES, told(firmware, handle));
      assertEquals(0, firmware.disconnect(layer, handle));
    }
    assertEquals(List.of(0L, 0L, 4L), asked, "anywhere, reserved, four pages, once");
  }

  @Test
  void aGuestWithoutPagesHasNone() {
    FakeFirmware firmware = firmware();
    firmware.service(BootService.ALLOCATE_PAGES, call -> EfiStep.done(EfiStatus.OUT_OF_RESOURCES));
    XenIoPvhLayer layer = new XenIoPvhLayer();
    layer.begin(firmware);
    long handle = firmware.handles().handles(XenIoPvhLayer.GUEST).getFirst();
    assertEquals(EfiStatus.OUT_OF_RESOURCES, EfiStatus.of(firmware.connect(layer, handle)));
    assertTrue(firmware.handles().handles(Protocol.XEN_IO).isEmpty());
    assertTrue(firmware.reports().getFirst().contains("no 4 pages"), firmware.reports()::toString);
  }
}
