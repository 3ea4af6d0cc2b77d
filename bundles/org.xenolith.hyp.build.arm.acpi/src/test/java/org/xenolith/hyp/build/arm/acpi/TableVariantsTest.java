// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Stao;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableCheck;
import org.xenolith.acpi.codec.Xenv;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.VcpuAffinity;
import org.xenolith.platform.api.AddressWindow;

/** Each variant that was proposed changes what it is about and nothing else. */
class TableVariantsTest {
  private final HostTables host = GoldenHost.tables();

  private AcpiTable made(TableVariants variants, String signature) {
    Dom0Tables tables = GoldenDom0Test.made(host, variants, 1);
    tables.made().forEach(each -> assertEquals(List.of(), TableCheck.faults(each.table()), each.toString()));
    return tables.made().stream().map(PlacedTable::table).filter(each -> each.signature().equals(signature)).findFirst().orElseThrow();
  }

  @Test
  void theTimerOfEl2IsMasked() {
    TableVariants masked = new TableVariants(true, false, false, List.of(), false);
    AcpiTable gtdt = made(masked, "GTDT");
    assertEquals(0, gtdt.structure().get(Gtdt.Field.EL2_GSIV));
    assertEquals(0, gtdt.structure().get(Gtdt.Field.EL2_FLAGS));
    assertEquals(27, gtdt.structure().get(Gtdt.Field.VIRTUAL_EL1_GSIV));
    assertTrue(GoldenDom0Test.made(host, masked, 1).mapped().stream().noneMatch(each -> each.table().signature().equals("GTDT")),
        "the machine's isn't shown beside it");
  }

  @Test
  void theHypervisorIsNamed() {
    AcpiTable fadt = made(new TableVariants(false, true, false, List.of(), false), "FACP");
    assertEquals("XenVMM\0\0", new String(fadt.structure().bytes(Fadt.Field.HYPERVISOR_VENDOR_IDENTITY), StandardCharsets.US_ASCII));
  }

  @Test
  void grantsAndEventsAreInXenv() {
    AcpiTable xenv = made(new TableVariants(false, false, true, List.of(), false), "XENV");
    assertEquals(57, xenv.length());
    assertEquals(GoldenDom0Test.BASE, xenv.structure().get(Xenv.Field.GRANT_TABLE_ADDRESS));
    assertEquals(0x4_0000, xenv.structure().get(Xenv.Field.GRANT_TABLE_SIZE));
    assertEquals(16, xenv.structure().get(Xenv.Field.EVENT_CHANNEL_INTERRUPT));
    assertEquals(2, xenv.structure().get(Xenv.Field.EVENT_CHANNEL_INTERRUPT_FLAGS));
  }

  @Test
  void hiddenDevicesAreNamedAndAbsentForWhoDoesntReadNames() {
    TableVariants names = new TableVariants(false, false, false, List.of("\\_SB.COM0", "\\_SB.VR00"), false);
    assertEquals("\\_SB.COM0\0\\_SB.VR00\0", new String(made(names, "STAO").structure().data(Stao.NAMES), StandardCharsets.US_ASCII));
    TableVariants both = new TableVariants(false, false, false, names.hidden(), true);
    Dom0Tables tables = GoldenDom0Test.made(host, both, 1);
    PlacedTable dsdt = tables.made().stream().filter(each -> each.table().signature().equals("DSDT")).findFirst().orElseThrow();
    assertEquals(dsdt.address(), made(both, "FACP").structure().get(Fadt.Field.X_DSDT));
    AmlNamespace namespace = AmlNamespace.of(List.of(dsdt.table()));
    assertEquals(Optional.of(0L), namespace.number(AmlName.of("\\_SB.VR00"), "_STA"));
    assertTrue(namespace.number(AmlName.of("\\_SB.VR01"), "_STA").filter(status -> status == 0).isEmpty());
    assertTrue(tables.mapped().stream().noneMatch(each -> each.table().signature().equals("DSDT")));
  }

  @Test
  void aDeviceThatIsntThereCantBeHidden() {
    AcpiException e = assertThrows(AcpiException.class, () -> made(new TableVariants(false, false, false, List.of("\\_SB.NONE"), true),
        "DSDT"));
    assertTrue(e.getMessage().contains("\\_SB.NONE"), e.getMessage());
  }

  /** Seventeen processors are two clusters; with a GICv3 there are redistributors, and the ITS has the number of the machine's. */
  @Test
  void madtHasWhatTheDomainSees() {
    Structure madt = Dom0Madt.of(host.demand("APIC").table(), new GicFacts(3, 0x800_0000L, 0x1_0000, 0x80a_0000L, 0x22_0000, 288),
        VcpuAffinity.of(17), Optional.of(new AddressWindow(0x808_0000L, 0x2_0000)), List.of()).structure();
    assertEquals(17, madt.all(Madt.GICC).size());
    assertEquals(0x100, madt.all(Madt.GICC).getLast().get(Madt.Gicc.MPIDR));
    assertEquals(16, madt.all(Madt.GICC).getLast().get(Madt.Gicc.ACPI_PROCESSOR_UID));
    assertEquals(0x80a_0000L, madt.all(Madt.GICR).getFirst().get(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS));
    assertEquals(0x22_0000, madt.all(Madt.GICR).getFirst().get(Madt.Gicr.DISCOVERY_RANGE_LENGTH));
    assertEquals(0x808_0000L, madt.all(Madt.ITS).getFirst().get(Madt.Its.BASE_ADDRESS));
    assertEquals(List.of(), madt.all(Madt.MSI_FRAME));
  }
}
