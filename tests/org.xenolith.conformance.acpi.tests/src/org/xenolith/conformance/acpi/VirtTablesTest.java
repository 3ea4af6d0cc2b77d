// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.Untold;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;

class VirtTablesTest {
  private static TableSet tables(int cpus, String... requests) {
    return new BoardMachine(cpus, List.of(requests)).tables().set();
  }

  private static Structure table(TableSet set, String signature) {
    return set.find(signature).orElseThrow().structure();
  }

  @Test
  void aMachineHasTheTablesOfItsPartsAndNoOthers() {
    assertEquals(List.of("FACP", "APIC", "DBG2", "DSDT", "GTDT", "MCFG", "PPTT", "SPCR"), signatures(tables(1, "gic=2", "pcie=ecam")));
    assertEquals(List.of("FACP", "APIC", "DBG2", "DSDT", "GTDT", "PPTT", "SPCR"), signatures(tables(1, "gic=2", "pcie=none")));
    assertEquals(List.of("FACP", "APIC", "DBG2", "DSDT", "GTDT", "IORT", "MCFG", "PPTT", "SPCR"), signatures(tables(1, "gic=3")));
  }

  private static List<String> signatures(TableSet set) {
    return set.tables().stream().map(AcpiTable::signature).toList();
  }

  @Test
  void theOrderInWhichBundlesCameMakesNoDifference() {
    BoardMachine machine = BoardMachine.VIRT.get(4);
    AcpiParts parts = InstalledParts.all();
    List<AcpiTableBuilder> turned = new ArrayList<>(parts.builders());
    Collections.reverse(turned);
    assertEquals(machine.tables(), AcpiTables.of(machine.platform(), new AcpiParts(turned, parts.devices(), parts.bridges()),
        AcpiSetting.of(BoardMachine.MAKER)));
  }

  @Test
  void processorsAndRedistributorsOfAGic3AreInTheMadt() {
    Structure madt = table(tables(4, "gic=3", "virtualization=on"), "APIC");
    assertEquals(List.of(0L, 1L, 2L, 3L), madt.all(Madt.GICC).stream().map(gicc -> gicc.get(Madt.Gicc.MPIDR)).toList());
    assertEquals(List.of(25L, 25L, 25L, 25L), madt.all(Madt.GICC).stream()
        .map(gicc -> gicc.get(Madt.Gicc.VGIC_MAINTENANCE_INTERRUPT)).toList());
    assertEquals(0x80a_0000L, madt.all(Madt.GICR).getFirst().get(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS));
    assertEquals(0xf6_0000L, madt.all(Madt.GICR).getFirst().get(Madt.Gicr.DISCOVERY_RANGE_LENGTH));
    assertEquals(0x808_0000L, madt.all(Madt.ITS).getFirst().get(Madt.Its.BASE_ADDRESS));
    assertEquals(3, madt.all(Madt.GICD).getFirst().get(Madt.Gicd.GIC_VERSION));
  }

  @Test
  void requestersGoThroughTheSmmuToTheIts() {
    Structure iort = table(tables(1, "gic=3", "its=on", "iommu=smmuv3"), "IORT");
    Structure its = iort.all(Iort.ITS_GROUP).getFirst();
    Structure smmu = iort.all(Iort.SMMU_V3).getFirst();
    Structure root = iort.all(Iort.ROOT_COMPLEX).getFirst();
    assertEquals(0x905_0000L, smmu.get(Iort.SmmuV3.BASE_ADDRESS));
    assertEquals(List.of(106L, 107L, 108L, 109L), List.of(smmu.get(Iort.SmmuV3.EVENT_GSIV), smmu.get(Iort.SmmuV3.PRI_GSIV),
        smmu.get(Iort.SmmuV3.SYNC_GSIV), smmu.get(Iort.SmmuV3.GERR_GSIV)));
    assertEquals(List.of(smmu.offset()), targets(root));
    assertEquals(List.of(its.offset()), targets(smmu));
    assertEquals(0xffff, root.all(Iort.MAPPING).getFirst().get(Iort.Mapping.ID_COUNT));
    assertEquals(List.of(its.offset()), targets(table(tables(1, "gic=3", "its=on"), "IORT").all(Iort.ROOT_COMPLEX).getFirst()));
  }

  private static List<Integer> targets(Structure node) {
    return node.all(Iort.MAPPING).stream().map(mapping -> (int) mapping.get(Iort.Mapping.OUTPUT_REFERENCE)).toList();
  }

  @Test
  void xgenesBridgeIsKnownByTheMakerOfMcfgAndHasItsRegistersFirst() {
    TableSet set = tables(2, "gic=2", "pcie=xgene");
    Structure mcfg = table(set, "MCFG");
    assertEquals("APM", mcfg.text(TableHeader.OEM_ID));
    assertEquals("XGENE", mcfg.text(TableHeader.OEM_TABLE_ID));
    assertEquals(1, mcfg.get(TableHeader.OEM_REVISION));
    assertEquals(0x40_1000_0000L, mcfg.all(Mcfg.ALLOCATION).getFirst().get(Mcfg.Allocation.BASE_ADDRESS));
    assertEquals(BoardMachine.MAKER.oemId(), table(set, "FACP").text(TableHeader.OEM_ID));
    Structure first = AmlNamespace.of(set.definitions()).resources(AmlName.of("\\_SB.PCI0")).map(List::getFirst).orElseThrow();
    assertEquals(0xb00_0000L, first.get(Resource.FixedMemory32.BASE_ADDRESS));
  }

  @Test
  void whatAcpiCantSayIsNamed() {
    List<Untold> untold = new BoardMachine(1, List.of("gic=2", "pcie=cam", "flash=cfi")).tables().untold();
    assertEquals(List.of("/apb-pclk", "/pl031@9010000", "/flash@0", "/pcie@10000000"), untold.stream().map(Untold::path).toList());
    assertEquals(Optional.of("there is no id in ACPI for a PL031"), untold.stream().filter(each -> each.path().startsWith("/pl031"))
        .map(Untold::what).findFirst());
  }
}
