// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class HpetTableTest {
  private static TableSet tables(PlatformNode... nodes) {
    Platform platform = new Platform("pc", Fdt.of(FdtBuilder.root().build()), List.of(nodes), Platform.Timing.STANDARD);
    return AcpiTables.of(platform, new AcpiParts(List.of(new HpetTableBuilder()), Map.of(), Map.of()), AcpiSetting.of(new TableIdentity("A",
        "B",
        1, "C", 1))).set();
  }

  @Test
  void tableSaysWhereItIsAndWhatItsFirstRegisterSays() {
    Structure table = tables(FakeNode.at("/hpet@fed00000").compatible("intel,ce4100-hpet").window(0xfed0_0000L, 0x400).build()).find("HPET")
        .orElseThrow().structure();
    assertEquals(0xfed0_0000L, table.address(HpetTable.Field.BASE_ADDRESS).address());
    assertEquals(0x8086_2201L, table.get(HpetTable.Field.EVENT_TIMER_BLOCK_ID));
  }

  @Test
  void aMachineWithoutOneHasNoTable() {
    assertFalse(tables().find("HPET").isPresent());
  }
}
