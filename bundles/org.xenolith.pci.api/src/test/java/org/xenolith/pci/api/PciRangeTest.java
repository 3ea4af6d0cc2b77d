// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

class PciRangeTest {
  private static PlatformNode node(String path, String parent, FdtProperty... properties) {
    return new PlatformNode(path, path.substring(path.lastIndexOf('/') + 1), parent, List.of(properties), List.of(), true, List.of(),
        List.of(), Map.of());
  }

  private static List<PciRange> ranges(String parent, int... cells) {
    PlatformNode bridge = node(parent + "/pcie", parent.isEmpty() ? "/" : parent, FdtProperty.ofCells("ranges", cells));
    return PciRange.of(new Platform("test", null, List.of(node("/", ""), node("/soc", "/", FdtProperty.ofCells("ranges", 0, 0, 1, 0, 1)),
        bridge), Platform.Timing.STANDARD), bridge);
  }

  @Test
  void entriesAreReadInOrderWithoutConfigurationSpace() {
    assertEquals(List.of(new PciRange(true, new AddressWindow(0x3EFF_0000L, 0x1_0000), 0),
        new PciRange(false, new AddressWindow(0x80_0000_0000L, 0x10_0000), 0x1_1000_0000L)),
        ranges("", 0x0100_0000, 0, 0, 0, 0x3EFF_0000, 0, 0x1_0000, 0, 0, 0, 0, 0x4000_0000, 0, 0x1000,
            0x4300_0000, 1, 0x1000_0000, 0x80, 0, 0, 0x10_0000));
  }

  @Test
  void whatIsCutOffIsNamed() {
    ModelException cut = assertThrows(ModelException.class, () -> ranges("", 0x0100_0000, 0, 0));
    assertEquals("/pcie: ranges: expected groups of 7 cells, got 3", cut.getMessage());
  }

  @Test
  void aBusAboveThatTranslatesIsRefused() {
    ModelException translated = assertThrows(ModelException.class, () -> ranges("/soc", 0x0200_0000, 0, 0, 0, 0, 0, 0x1000));
    assertTrue(translated.getMessage().startsWith("/soc/pcie: /soc: a bus above"), translated.getMessage());
  }

  @Test
  void anApertureHoldsItsBytesAndNoOther() {
    PciAperture top = new PciAperture(-0x1000L, 0x1000, null, 2);
    assertTrue(top.holds(-1L) && top.holds(-0x1000L));
    assertEquals(false, top.holds(0) || top.holds(-0x1001L));
  }
}
