// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.ExtendedRegions;
import org.xenolith.hyp.arm.kit.ModulePlacement;

class PlacementTest {
  private static final long MIB = 1L << 20;

  @Test
  void treeAndInitrdStandWhereXenPutsThem() {
    FdtWindow kernel = new FdtWindow(0x6000_0000L, 0x201_0000);
    ModulePlacement placed = ModulePlacement.of(Golden.BANK, kernel, 7445, Golden.INITRD.size());
    assertEquals(new FdtWindow(0x6800_0000L, 7445), placed.tree());
    assertEquals(Optional.of(Golden.INITRD), placed.initrd());
  }

  @Test
  void smallBankHoldsThemAtItsEnd() {
    FdtWindow bank = new FdtWindow(0x4000_0000L, 64 * MIB);
    ModulePlacement placed = ModulePlacement.of(bank, new FdtWindow(0x4000_0000L, 33 * MIB), 5000, 3 * MIB);
    assertEquals(new FdtWindow(0x4000_0000L + 58 * MIB, 5000), placed.tree());
    assertEquals(Optional.of(new FdtWindow(0x4000_0000L + 60 * MIB, 3 * MIB)), placed.initrd());
  }

  @Test
  void highKernelLeavesRoomBelowIt() {
    FdtWindow bank = new FdtWindow(0x4000_0000L, 64 * MIB);
    ModulePlacement placed = ModulePlacement.of(bank, new FdtWindow(0x4000_0000L + 30 * MIB, 33 * MIB), 5000, 0);
    assertEquals(new FdtWindow(0x4000_0000L + 28 * MIB, 5000), placed.tree());
    assertEquals(Optional.empty(), placed.initrd());
  }

  @Test
  void bankThatIsTooSmallIsRefusedWithItsNumbers() {
    FdtWindow bank = new FdtWindow(0x4000_0000L, 36 * MIB);
    String message = assertThrows(IllegalArgumentException.class, () -> ModulePlacement.of(bank,
        new FdtWindow(0x4000_0000L, 33 * MIB), 5000, 3 * MIB)).getMessage();
    assertTrue(message.contains(Long.toString(36 * MIB)), message);
  }

  @Test
  void extendedRegionsAreTheUnusedRam() {
    assertEquals(List.of(new FdtWindow(0x4040_0000L, 0x1fc0_0000), new FdtWindow(0x7800_0000L, 0x800_0000)),
        ExtendedRegions.of(List.of(Golden.HOST_RAM), List.of(Golden.BANK, Golden.GRANT_WINDOW)));
  }

  @Test
  void smallGapIsNoExtendedRegion() {
    FdtWindow ram = new FdtWindow(0, 128 * MIB);
    assertEquals(List.of(), ExtendedRegions.of(List.of(ram), List.of(new FdtWindow(63 * MIB, 3 * MIB))));
    assertEquals(List.of(ram), ExtendedRegions.of(List.of(ram), List.of(new FdtWindow(128 * MIB, MIB))));
  }
}
