// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;

/** Tables of the board {@code pc-pvh}. */
class PcTablesTest {
  private static final BoardMachine PC = BoardMachine.PC.getLast();

  private static Structure table(String signature) {
    return PC.tables().set().find(signature).orElseThrow().structure();
  }

  @Test
  void allOfItIsToldOf() {
    assertEquals(List.of(), PC.tables().untold());
  }

  @Test
  void theOrderInWhichBundlesCameMakesNoDifference() {
    AcpiParts parts = InstalledParts.all();
    List<AcpiTableBuilder> turned = new ArrayList<>(parts.builders());
    Collections.reverse(turned);
    assertEquals(PC.tables(), AcpiTables.of(PC.platform(), new AcpiParts(turned, parts.devices(), parts.bridges()), AcpiSetting.of(
        BoardMachine.MAKER)));
  }

  @Test
  void processorsAndApicsAreInTheMadt() {
    Structure madt = table("APIC");
    assertEquals(0xfee0_0000L, madt.get(Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS));
    assertEquals(0, madt.get(Madt.Field.FLAGS), "no 8259");
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L), madt.all(MadtApic.LOCAL_APIC).stream().map(each -> each.get(
        MadtApic.LocalApic.APIC_ID)).toList());
    assertTrue(madt.all(MadtApic.LOCAL_APIC).stream().allMatch(each -> each.get(MadtApic.LocalApic.FLAGS) == Madt.ENABLED));
    assertEquals(List.of(0xfec0_0000L), madt.all(MadtApic.IO_APIC).stream().map(each -> each.get(MadtApic.IoApic.IO_APIC_ADDRESS))
        .toList());
    Structure sci = madt.all(MadtApic.SOURCE_OVERRIDE).getFirst();
    assertEquals(List.of(9L, 9L, MadtApic.LEVEL | MadtApic.ACTIVE_HIGH), List.of(sci.get(MadtApic.SourceOverride.SOURCE), sci.get(
        MadtApic.SourceOverride.GLOBAL_SYSTEM_INTERRUPT), sci.get(MadtApic.SourceOverride.FLAGS)));
    assertEquals(1, madt.all(MadtApic.SOURCE_OVERRIDE).size());
  }

  @Test
  void fixedHardwareIsInTheFadt() {
    Structure fadt = table("FACP");
    assertEquals(9, fadt.get(Fadt.Field.SCI_INT));
    assertEquals(List.of(0x600L, 0x604L, 0x608L), List.of(fadt.get(Fadt.Field.PM1A_EVT_BLK), fadt.get(Fadt.Field.PM1A_CNT_BLK), fadt.get(
        Fadt.Field.PM_TMR_BLK)));
    assertEquals(GenericAddress.ports(0x60c, 1), fadt.address(Fadt.Field.RESET_REG));
    assertEquals(0, fadt.get(Fadt.Field.FLAGS) & Fadt.HW_REDUCED_ACPI);
    assertEquals(Fadt.RESET_REG_SUP | Fadt.TMR_VAL_EXT, fadt.get(Fadt.Field.FLAGS) & (Fadt.RESET_REG_SUP | Fadt.TMR_VAL_EXT));
    assertEquals(Fadt.VGA_NOT_PRESENT | Fadt.LEGACY_DEVICES, fadt.get(Fadt.Field.IAPC_BOOT_ARCH), "a clock, no keyboard controller");
  }

  @Test
  void softOffAndConsoleAndConfigurationSpaceAreToldOf() {
    TableSet set = PC.tables().set();
    assertEquals(1, set.tables().stream().map(AcpiTable::signature).filter("SSDT"::equals).count());
    assertEquals(new GenericAddress(GenericAddress.PORTS, 8, 0, 1, 0x3f8), table("SPCR").address(Spcr.Field.BASE_ADDRESS));
    assertEquals(0xfed0_0000L, table("HPET").address(HpetTable.Field.BASE_ADDRESS).address());
    assertEquals(4, table("SPCR").get(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT));
    assertEquals(0xb000_0000L, table("MCFG").all(Mcfg.ALLOCATION).getFirst().get(Mcfg.Allocation.BASE_ADDRESS));
  }
}
