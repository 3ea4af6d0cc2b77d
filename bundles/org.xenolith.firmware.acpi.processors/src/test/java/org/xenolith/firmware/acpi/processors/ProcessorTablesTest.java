// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Pptt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

/** Tables of boards in the manner of APM's Mustang, whose facts are those of its tree in Debian's kernel 6.1.192 (apm-mustang.dtb). */
class ProcessorTablesTest {
  private static final String GIC = "/interrupt-controller@78010000";
  private static final TableIdentity MAKER = new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1);

  private static final AcpiBridgeKind BRIDGE = (machine, node) -> Optional.of(new AcpiBridgeKind.Configuration(0x4000_0000, 0, 0xff));

  private final List<PlatformNode> nodes = new ArrayList<>();

  private AcpiTables tables(OptionalLong mailboxes) {
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD);
    return AcpiTables.of(platform, new AcpiParts(List.of(new FadtBuilder(), new MadtBuilder(), new GtdtBuilder(), new PpttBuilder()),
        Map.of(), Map.of("acme,pcie", BRIDGE)), new AcpiSetting(MAKER, mailboxes));
  }

  private static Structure table(AcpiTables tables, String signature) {
    return tables.set().find(signature).map(AcpiTable::structure).orElseThrow();
  }

  private void cpu(int affinity, String method) {
    nodes.add(FakeNode.at("/cpus/cpu@" + Integer.toHexString(affinity)).property(FdtProperty.ofStrings("device_type", "cpu"))
        .cells("reg", 0, affinity).cells("phandle", 0x100 + affinity).property(FdtProperty.ofStrings("enable-method", method)).build());
  }

  private void gic(long cpuInterfaceBytes) {
    nodes.add(FakeNode.at(GIC).compatible("arm,cortex-a15-gic").window(0x7801_0000, 0x1000).window(0x7802_0000, cpuInterfaceBytes)
        .window(0x7804_0000, 0x2000).window(0x7806_0000, 0x2000).interrupt(GIC, 1, 9, 0xf04).build());
  }

  @Test
  void processorsWithoutPsciAreStartedByTheParkingProtocol() {
    cpu(0, "spin-table");
    cpu(0x101, "spin-table");
    gic(0x2000);
    AcpiTables tables = tables(OptionalLong.of(0x40_0000_0000L));
    assertEquals(List.of(), MachineCheck.faults(tables.set()));
    assertEquals(List.of(), tables.untold());
    List<Structure> processors = table(tables, "APIC").all(Madt.GICC);
    assertEquals(List.of(0x40_0000_0000L, 0x40_0000_1000L), processors.stream().map(each -> each.get(Madt.Gicc.PARKED_ADDRESS)).toList());
    assertEquals(List.of(1L, 1L), processors.stream().map(each -> each.get(Madt.Gicc.PARKING_PROTOCOL_VERSION)).toList());
    assertEquals(0, table(tables, "FACP").get(Fadt.Field.ARM_BOOT_ARCH));
    Structure second = processors.get(1);
    assertEquals(0x101, second.get(Madt.Gicc.MPIDR));
    assertEquals(0x7802_0000, second.get(Madt.Gicc.BASE_ADDRESS));
    assertEquals(0x7804_0000, second.get(Madt.Gicc.GICH));
    assertEquals(0x7806_0000, second.get(Madt.Gicc.GICV));
    assertEquals(25, second.get(Madt.Gicc.VGIC_MAINTENANCE_INTERRUPT));
    assertEquals(Madt.ENABLED, second.get(Madt.Gicc.FLAGS));
  }

  @Test
  void mailboxesAreWhereTheTopologyHasThem() {
    for (int i = 0; i < 2; i++) {
      nodes.add(FakeNode.at("/cpus/cpu@" + i).property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", 0, i)
          .property(FdtProperty.ofStrings("enable-method", "acpi-parking-protocol")).cells("cpu-release-addr", 1, 0x1000 * i + 0x8000)
          .build());
    }
    gic(0x2000);
    AcpiTables tables = tables(OptionalLong.empty());
    assertEquals(List.of(), tables.untold());
    List<Structure> processors = table(tables, "APIC").all(Madt.GICC);
    assertEquals(List.of(0x1_0000_8000L, 0x1_0000_9000L), processors.stream().map(each -> each.get(Madt.Gicc.PARKED_ADDRESS)).toList());
    assertEquals(List.of(1L, 1L), processors.stream().map(each -> each.get(Madt.Gicc.PARKING_PROTOCOL_VERSION)).toList());
    nodes.set(0, FakeNode.at("/cpus/cpu@0").property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", 0, 0)
        .property(FdtProperty.ofStrings("enable-method", "acpi-parking-protocol")).cells("cpu-release-addr", 1, 0x800).build());
    assertTrue(assertThrows(PlatformException.class, () -> tables(OptionalLong.empty())).getMessage()
        .startsWith("/cpus/cpu@0: cpu-release-addr: expected the address"));
  }

  @Test
  void whatTheMadtCantSayIsNamed() {
    cpu(0, "spin-table");
    cpu(1, "spin-table");
    gic(0x1000);
    List<String> untold = tables(OptionalLong.empty()).untold().stream().map(Object::toString).toList();
    assertEquals(2, untold.size(), untold.toString());
    assertTrue(untold.get(0).startsWith("/cpus/cpu@1: nothing says how the processor is started"), untold.toString());
    assertTrue(untold.get(1).startsWith(GIC + ": its CPU interface has 4096 bytes"), untold.toString());
  }

  @Test
  void aMachineWhereNobodyTakesMessagesOfPciSaysSo() {
    gic(0x2000);
    assertEquals(0, table(tables(OptionalLong.empty()), "FACP").get(Fadt.Field.IAPC_BOOT_ARCH), "it has no PCI");
    nodes.add(FakeNode.at("/pcie").compatible("acme,pcie").cells("msi-parent", 9).build());
    nodes.add(FakeNode.at("/msi@79000000").compatible("apm,xgene1-msi").cells("phandle", 9).window(0x7900_0000, 0x90_0000).build());
    assertEquals(8, table(tables(OptionalLong.empty()), "FACP").get(Fadt.Field.IAPC_BOOT_ARCH));
    nodes.add(FakeNode.at(GIC + "/v2m@1").compatible("arm,gic-v2m-frame").window(0x7a00_0000, 0x1000).build());
    assertEquals(0, table(tables(OptionalLong.empty()), "FACP").get(Fadt.Field.IAPC_BOOT_ARCH));
  }

  @Test
  void timersHaveTheTriggerOfTheTopologyAndAreFoundByTheirNames() {
    gic(0x2000);
    nodes.add(FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt(GIC, 1, 0, 0xff08).interrupt(GIC, 1, 13, 0xff08)
        .interrupt(GIC, 1, 14, 0xff04).build());
    Structure gtdt = table(tables(OptionalLong.empty()), "GTDT");
    assertEquals(16, gtdt.get(Gtdt.Field.SECURE_EL1_GSIV));
    assertEquals(Gtdt.ACTIVE_LOW, gtdt.get(Gtdt.Field.SECURE_EL1_FLAGS));
    assertEquals(29, gtdt.get(Gtdt.Field.NON_SECURE_EL1_GSIV));
    assertEquals(30, gtdt.get(Gtdt.Field.VIRTUAL_EL1_GSIV));
    assertEquals(0, gtdt.get(Gtdt.Field.VIRTUAL_EL1_FLAGS));
    assertEquals(0, gtdt.get(Gtdt.Field.EL2_GSIV));
    nodes.set(1, FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt(GIC, 1, 11, 4).interrupt(GIC, 1, 12, 4).flag("always-on")
        .property(FdtProperty.ofStrings("interrupt-names", "virt", "hyp-virt")).build());
    Structure named = table(tables(OptionalLong.empty()), "GTDT");
    assertEquals(0, named.get(Gtdt.Field.SECURE_EL1_GSIV));
    assertEquals(27, named.get(Gtdt.Field.VIRTUAL_EL1_GSIV));
    assertEquals(28, named.get(Gtdt.Field.VIRTUAL_EL2_GSIV));
    assertEquals(Gtdt.ALWAYS_ON, named.get(Gtdt.Field.VIRTUAL_EL2_FLAGS));
  }

  @Test
  void timersWhoseNamesAreNoneComeInTheBindingsOrder() {
    gic(0x2000);
    for (byte[] none : new byte[][] {{}, {'v', 'i', 'r', 't'}}) {
      nodes.add(FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt(GIC, 1, 0, 4).interrupt(GIC, 1, 13, 4)
          .interrupt(GIC, 1, 14, 4).property(new FdtProperty("interrupt-names", none)).build());
      Structure gtdt = table(tables(OptionalLong.empty()), "GTDT");
      assertEquals(29, gtdt.get(Gtdt.Field.NON_SECURE_EL1_GSIV));
      assertEquals(30, gtdt.get(Gtdt.Field.VIRTUAL_EL1_GSIV));
      nodes.removeLast();
    }
  }

  @Test
  void aWatchdogIsInTheGtdt() {
    gic(0x2000);
    nodes.add(FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt(GIC, 1, 13, 4).build());
    nodes.add(FakeNode.at("/watchdog@2000").compatible("arm,sbsa-gwdt").window(0x2000, 0x1000).window(0x3000, 0x1000)
        .interrupt(GIC, 0, 5, 1).build());
    AcpiTables tables = tables(OptionalLong.empty());
    Structure watchdog = table(tables, "GTDT").all(Gtdt.WATCHDOG).getFirst();
    assertEquals(0x2000, watchdog.get(Gtdt.Watchdog.CONTROL_FRAME));
    assertEquals(0x3000, watchdog.get(Gtdt.Watchdog.REFRESH_FRAME));
    assertEquals(37, watchdog.get(Gtdt.Watchdog.GSIV));
    assertEquals(Gtdt.EDGE, watchdog.get(Gtdt.Watchdog.FLAGS));
    assertEquals(List.of(), MachineCheck.faults(tables.set()));
  }

  @Test
  void eachProcessorHasItsOwnPerformanceInterruptWhereTheyAreShared() {
    cpu(0, "psci");
    cpu(1, "psci");
    gic(0x2000);
    nodes.add(FakeNode.at("/pmu").compatible("arm,cortex-a57-pmu").interrupt(GIC, 0, 8, 1).interrupt(GIC, 0, 7, 4)
        .cells("interrupt-affinity", 0x101, 0x100).build());
    List<Structure> processors = table(tables(OptionalLong.empty()), "APIC").all(Madt.GICC);
    assertEquals(List.of(39L, 40L), processors.stream().map(each -> each.get(Madt.Gicc.PERFORMANCE_INTERRUPT_GSIV)).toList());
    assertEquals(List.of(Madt.ENABLED, Madt.ENABLED | Madt.PERFORMANCE_INTERRUPT_EDGE),
        processors.stream().map(each -> each.get(Madt.Gicc.FLAGS)).toList());
  }

  @Test
  void aFrameSaysItsInterruptsWhereTheTopologyDoes() {
    gic(0x2000);
    nodes.add(FakeNode.at(GIC + "/v2m@1").compatible("arm,gic-v2m-frame").window(0x7900_0000, 0x1000).cells("arm,msi-base-spi", 80)
        .cells("arm,msi-num-spis", 64).build());
    nodes.add(FakeNode.at(GIC + "/v2m@2").compatible("arm,gic-v2m-frame").window(0x7a00_0000, 0x1000).build());
    List<Structure> frames = table(tables(OptionalLong.empty()), "APIC").all(Madt.MSI_FRAME);
    assertEquals(List.of(Madt.SPI_SELECT, 0L), frames.stream().map(frame -> frame.get(Madt.MsiFrame.FLAGS)).toList());
    assertEquals(List.of(80L, 0L), frames.stream().map(frame -> frame.get(Madt.MsiFrame.SPI_BASE)).toList());
    assertEquals(List.of(0L, 1L), frames.stream().map(frame -> frame.get(Madt.MsiFrame.GIC_MSI_FRAME_ID)).toList());
  }

  @Test
  void clustersOfTheCpuMapAreNodesOfTheTopologyTable() {
    cpu(0, "psci");
    cpu(1, "psci");
    for (int i = 0; i < 2; i++) {
      nodes.add(FakeNode.at("/cpus/cpu-map/cluster" + i + "/core0").cells("cpu", 0x100 + i).build());
    }
    AcpiTables tables = tables(OptionalLong.empty());
    List<Structure> all = table(tables, "PPTT").all(Pptt.PROCESSOR);
    assertEquals(List.of(Pptt.PHYSICAL_PACKAGE, 0L, 10L, 0L, 10L), all.stream().map(node -> node.get(Pptt.Processor.FLAGS)).toList());
    assertEquals(List.of(0L, 36L, 56L, 36L, 96L), all.stream().map(node -> node.get(Pptt.Processor.PARENT)).toList());
    assertEquals(List.of(), MachineCheck.faults(tables.set()));
  }

  @Test
  void aMachineWithoutAGicHasNoMadtAndAMalformedOneIsRefused() {
    cpu(0, "psci");
    assertFalse(tables(OptionalLong.empty()).set().find("APIC").isPresent());
    nodes.add(FakeNode.at(GIC).compatible("arm,gic-v3").window(0x1000, 0x1000).build());
    assertTrue(assertThrows(PlatformException.class, () -> tables(OptionalLong.empty())).getMessage().contains("redistributors"));
  }
}
