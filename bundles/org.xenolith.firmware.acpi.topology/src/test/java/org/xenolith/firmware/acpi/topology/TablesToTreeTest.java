// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundBridge;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.TopologyFormat.Imported;
import org.xenolith.platform.api.TopologyFormat.Memory;

/** Trees of tables that others wrote: what boards of ours don't have, and what is wrong. */
class TablesToTreeTest {
  private static final TableIdentity MAKER = new TableIdentity("ACME", "Board 1", 1, "ACME", 1);
  private static final Memory MEMORY = new Memory(OptionalLong.empty(), 256 << 20);

  private final List<AcpiTable> tables = new ArrayList<>();

  /** A UART, and what SPCR alone names. */
  private static final class Uart implements AcpiDeviceKind {
    @Override
    public String prefix() {
      return "COM";
    }

    @Override
    public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
      return List.of();
    }

    @Override
    public List<String> hardwareIds() {
      return List.of("ACME0001");
    }

    @Override
    public List<Integer> serialTypes() {
      return List.of(Spcr.PL011);
    }

    @Override
    public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
      return Optional.of(new FdtNode("serial", List.of(FdtProperty.ofStrings("compatible", "acme,uart"),
          FdtProperty.ofCells("fifo-depth", (int) device.number("fifo-depth", 1))), List.of()));
    }
  }

  private static final class Ecam implements AcpiBridgeKind {
    @Override
    public Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node) {
      return Optional.empty();
    }

    @Override
    public Optional<FdtNode> node(FoundMachine machine, FoundBridge bridge) {
      return Optional.of(new FdtNode("pcie@" + Long.toHexString(bridge.configuration().base()), List.of(
          FdtProperty.ofStrings("compatible", "acme,ecam")), List.of()));
    }
  }

  private static StructureBuilder madt(int version) {
    return AcpiTable.header(Madt.LAYOUT, 5, MAKER).add(StructureBuilder.of(Madt.GICD).set(Madt.Gicd.BASE_ADDRESS, 0x800_0000)
        .set(Madt.Gicd.GIC_VERSION, version));
  }

  private static StructureBuilder processor(int uid, long mpidr) {
    return StructureBuilder.of(Madt.GICC).set(Madt.Gicc.ACPI_PROCESSOR_UID, uid).set(Madt.Gicc.FLAGS, Madt.ENABLED)
        .set(Madt.Gicc.MPIDR, mpidr).set(Madt.Gicc.BASE_ADDRESS, 0x801_0000);
  }

  private void fadt(long boot) {
    tables.add(AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, 6, MAKER).set(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI)
        .set(Fadt.Field.ARM_BOOT_ARCH, boot)));
  }

  private void namespace(AmlTerm... devices) {
    tables.add(Aml.table(Definition.DSDT, 2, MAKER, List.of(Aml.scope("\\_SB", List.of(devices)))));
  }

  private static AmlTerm resources(StructureBuilder... all) {
    return Aml.buffer(ResourceTemplate.write(Arrays.stream(all)));
  }

  private Imported imported() {
    return TablesToTree.of(new TableSet(tables), new AcpiParts(List.of(), Map.of("acme,uart", new Uart()), Map.of("acme,ecam", new Ecam())),
        MEMORY);
  }

  private static FdtNode node(Imported imported, String path) {
    return imported.tree().node(path).orElseThrow(() -> new AssertionError(path + " isn't in " + imported.tree().root().children()));
  }

  private static String said(Imported imported, String place) {
    return imported.findings().stream().filter(each -> each.node().equals(place)).map(Finding::what).findFirst()
        .orElseThrow(() -> new AssertionError(place + " isn't in " + imported.findings()));
  }

  @Test
  void processorsThatWaitByTheParkingProtocolHaveTheirMailboxes() {
    fadt(0);
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0).set(Madt.Gicc.PARKED_ADDRESS, 0x40_0000_0000L))
        .add(processor(1, 0x100).set(Madt.Gicc.PARKED_ADDRESS, 0x40_0000_1000L)).add(processor(2, 0x101).set(Madt.Gicc.FLAGS, 0))));
    Imported imported = imported();
    assertEquals(2, node(imported, "/cpus").children().size());
    FdtNode second = node(imported, "/cpus/cpu@100");
    assertEquals("acpi-parking-protocol", second.property("enable-method").orElseThrow().string());
    assertEquals(0x40_0000_1000L, second.property("cpu-release-addr").orElseThrow().u64());
    assertTrue(imported.tree().node("/psci").isEmpty());
  }

  @Test
  void anAffinityOfFourLevelsTakesTwoCells() {
    fadt(Fadt.PSCI_COMPLIANT);
    tables.add(AcpiTable.of(madt(3).add(processor(0, 0).set(Madt.Gicc.GICR_BASE_ADDRESS, 0x900_0000)).add(processor(1, 0x1_0000_0000L)
        .set(Madt.Gicc.GICR_BASE_ADDRESS, 0x910_0000))));
    Imported imported = imported();
    assertEquals(0x1_0000_0000L, node(imported, "/cpus/cpu@100000000").property("reg").orElseThrow().u64());
    assertEquals("smc", node(imported, "/psci").property("method").orElseThrow().string());
    FdtProperty reg = node(imported, "/interrupt-controller@8000000").property("reg").orElseThrow();
    assertEquals(0x910_0000, reg.number(8, 2));
    assertEquals(2, node(imported, "/interrupt-controller@8000000").property("#redistributor-regions").orElseThrow().cell(0));
  }

  @Test
  void timersThatAreMissingMakeTheOthersNamed() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    tables.add(AcpiTable.of(AcpiTable.header(Gtdt.LAYOUT, 3, MAKER).set(Gtdt.Field.NON_SECURE_EL1_GSIV, 30)
        .set(Gtdt.Field.NON_SECURE_EL1_FLAGS, Gtdt.ALWAYS_ON | Gtdt.ACTIVE_LOW).set(Gtdt.Field.VIRTUAL_EL1_GSIV, 27)
        .add(StructureBuilder.of(Gtdt.WATCHDOG).set(Gtdt.Watchdog.CONTROL_FRAME, 0x2a44_0000).set(Gtdt.Watchdog.REFRESH_FRAME, 0x2a45_0000)
            .set(Gtdt.Watchdog.GSIV, 91))));
    Imported imported = imported();
    FdtNode timer = node(imported, "/timer");
    assertEquals(List.of("phys", "virt"), timer.property("interrupt-names").orElseThrow().strings());
    assertArrayEquals(new int[] {1, 14, 0x108, 1, 11, 0x104}, timer.property("interrupts").orElseThrow().cells());
    assertTrue(timer.has("always-on"));
    assertArrayEquals(new int[] {0, 59, 4}, node(imported, "/watchdog@2a440000").property("interrupts").orElseThrow().cells());
  }

  @Test
  void aMethodThatOnlyGivesBackItsTemplateIsRead() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    namespace(Aml.device("UAR0", List.of(Aml.name("_HID", Aml.text("ACME0001")),
        Aml.method("_CRS", 0, List.of(Aml.name("RBUF", resources(Resource.memory(0x900_0000, 0x1000), Resource.interrupt(33, 0))),
            Aml.giveBack(Aml.reference("RBUF")))),
        Aml.method("_STA", 0, List.of(Aml.giveBack(Aml.number(15)))),
        Aml.properties(List.of(Aml.pack(Aml.text("fifo-depth"), Aml.number(32)))))));
    FdtNode uart = node(imported(), "/serial@9000000");
    assertArrayEquals(new int[] {0, 1, 4}, uart.property("interrupts").orElseThrow().cells());
    assertEquals(32, uart.property("fifo-depth").orElseThrow().cell(0));
  }

  @Test
  void whatIsNotThereOrNotUnderstoodIsNamedAndLeftOut() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    AmlTerm memory = resources(Resource.memory(0x900_0000, 0x1000));
    namespace(Aml.device("UAR0", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_STA", Aml.number(0)),
        Aml.name("_CRS", memory))),
        Aml.device("UAR1", List.of(Aml.name("_HID", Aml.text("ACME0002")), Aml.name("_CRS", memory))),
        Aml.device("UAR2", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.method("_CRS", 0, List.of(
            Aml.when(Aml.number(1), List.of(Aml.giveBack(memory))))))),
        Aml.device("UAR3", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_CRS", Aml.buffer(new byte[] {(byte) 0x86, 9, 0})))));
    tables.add(AcpiTable.of(AcpiTable.header(StructureBuilder.of(Definition.SSDT), 2, MAKER).add(Definition.AML, new byte[] {0x5b, 0x55})));
    Imported imported = imported();
    assertTrue(imported.tree().node("/serial@9000000").isEmpty());
    assertTrue(said(imported, "\\_SB.UAR0").contains("_STA of \\_SB.UAR0"));
    assertTrue(said(imported, "\\_SB.UAR1").contains("ACME0002"));
    assertTrue(said(imported, "\\_SB.UAR2._CRS").contains("method"));
    assertTrue(said(imported, "\\_SB.UAR3._CRS, offset 0x0").contains("12 bytes"));
    assertTrue(said(imported, "SSDT, offset 0x24").contains("0x5b55"));
  }

  @Test
  void aUartThatOnlySpcrNamesIsTheConsole() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    tables.add(AcpiTable.of(AcpiTable.header(StructureBuilder.upTo(Spcr.LAYOUT, Spcr.Field.UART_CLOCK_FREQUENCY), 2, MAKER)
        .set(Spcr.Field.INTERFACE_TYPE, Spcr.PL011).set(Spcr.Field.BASE_ADDRESS, GenericAddress.words(0x2a40_0000))
        .set(Spcr.Field.INTERRUPT_TYPE, Spcr.INTERRUPT_GIC).set(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT, 111)));
    Imported imported = imported();
    assertEquals("/serial@2a400000", node(imported, "/chosen").property("stdout-path").orElseThrow().string());
    assertArrayEquals(new int[] {0, 79, 4}, node(imported, "/serial@2a400000").property("interrupts").orElseThrow().cells());
  }

  @Test
  void aBridgeHasTheBusesAndWindowsOfItsResources() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    tables.add(AcpiTable.of(AcpiTable.header(Mcfg.LAYOUT, 1, MAKER).add(StructureBuilder.of(Mcfg.ALLOCATION)
        .set(Mcfg.Allocation.BASE_ADDRESS, 0x7000_0000).set(Mcfg.Allocation.SEGMENT, 2).set(Mcfg.Allocation.END_BUS, 31))));
    namespace(Aml.device("PCI2", List.of(Aml.name("_HID", Aml.eisaId("PNP0A08")), Aml.name("_SEG", Aml.number(2)),
        Aml.name("_CRS", resources(Resource.buses(0, 64), Resource.window(Resource.MEMORY,
            Resource.READ_WRITE | Resource.PREFETCHABLE, 0x1000_0000, 0x1000_0000, 0x40_0000_0000L),
            Resource.window(Resource.IO, 0, 0, 0x1_0000, 0x6000_0000))),
        Aml.name("_PRT", Aml.pack(Aml.route(0, 0, 40), Aml.route(3, 1, 41))))));
    FdtNode bridge = node(imported(), "/pcie@70000000");
    assertArrayEquals(new int[] {0, 31}, bridge.property("bus-range").orElseThrow().cells());
    assertArrayEquals(new int[] {0x4200_0000, 0, 0x1000_0000, 0x40, 0x1000_0000, 0, 0x1000_0000, 0x100_0000, 0, 0, 0, 0x6000_0000, 0,
        0x1_0000}, bridge.property("ranges").orElseThrow().cells());
    assertArrayEquals(new int[] {0xf800, 0, 0, 7}, bridge.property("interrupt-map-mask").orElseThrow().cells());
    int gic = node(imported(), "/interrupt-controller@8000000").property("phandle").orElseThrow().cell(0);
    assertArrayEquals(new int[] {0, 0, 0, 1, gic, 0, 0, 0, 8, 4, 0x1800, 0, 0, 2, gic, 0, 0, 0, 9, 4},
        bridge.property("interrupt-map").orElseThrow().cells());
  }

  private static StructureBuilder mapping(long first, long count, long id, StructureBuilder to) {
    return StructureBuilder.of(Iort.MAPPING).set(Iort.Mapping.INPUT_BASE, first).set(Iort.Mapping.ID_COUNT, count - 1)
        .set(Iort.Mapping.OUTPUT_BASE, id).refer(Iort.Mapping.OUTPUT_REFERENCE, to);
  }

  @Test
  void requestersHaveTheirIdsWhereverTheyGo() {
    tables.add(AcpiTable.of(madt(3).add(processor(0, 0).set(Madt.Gicc.GICR_BASE_ADDRESS, 0x900_0000))
        .add(StructureBuilder.of(Madt.ITS).set(Madt.Its.GIC_ITS_ID, 3).set(Madt.Its.BASE_ADDRESS, 0x808_0000))));
    StructureBuilder group = StructureBuilder.of(Iort.ITS_GROUP).add(StructureBuilder.of(Iort.ITS_ID).set(Iort.ItsId.GIC_ITS_ID, 3));
    StructureBuilder smmu = StructureBuilder.of(Iort.SMMU_V3).set(Iort.SmmuV3.BASE_ADDRESS, 0x2b40_0000).set(Iort.SmmuV3.EVENT_GSIV, 106)
        .set(Iort.SmmuV3.GERR_GSIV, 109).add(mapping(0x180, 0x40, 0x1000, group));
    StructureBuilder root = StructureBuilder.of(Iort.ROOT_COMPLEX).add(mapping(0, 0x100, 0x100, smmu))
        .add(mapping(0x100, 0x100, 0x2000, group));
    byte[] name = "\\_SB.UAR0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    StructureBuilder component = StructureBuilder.of(Iort.NAMED_COMPONENT).add(Iort.NAME, name)
        .add(mapping(0, 1, 0x77, smmu).set(Iort.Mapping.FLAGS, 1));
    tables.add(AcpiTable.of(AcpiTable.header(Iort.LAYOUT, 0, MAKER).add(group).add(smmu).add(root).add(component)));
    namespace(Aml.device("UAR0", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_CRS",
        resources(Resource.memory(0x900_0000, 0x1000))))), Aml.device("PCI0", List.of(Aml.name("_HID", Aml.eisaId("PNP0A08")),
            Aml.name("_CBA", Aml.number(0x7000_0000)))));
    Imported imported = imported();
    int its = node(imported, "/interrupt-controller@8000000/its@8080000").property("phandle").orElseThrow().cell(0);
    int iommu = node(imported, "/iommu@2b400000").property("phandle").orElseThrow().cell(0);
    FdtNode bridge = node(imported, "/pcie@70000000");
    assertArrayEquals(new int[] {0, iommu, 0x100, 0x100}, bridge.property("iommu-map").orElseThrow().cells());
    assertArrayEquals(new int[] {0x80, its, 0x1000, 0x40, 0x100, its, 0x2000, 0x100}, bridge.property("msi-map").orElseThrow().cells());
    assertArrayEquals(new int[] {iommu, 0x77}, node(imported, "/serial@9000000").property("iommus").orElseThrow().cells());
    assertEquals(List.of("eventq", "gerror"), node(imported, "/iommu@2b400000").property("interrupt-names").orElseThrow().strings());
  }

  @Test
  void memoryIsWhereNothingElseIs() {
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    namespace(Aml.device("UAR0", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_CRS",
        resources(Resource.memory(0x4000_0000, 0x4000_1000))))));
    Imported imported = imported();
    assertEquals(0xc000_0000L, node(imported, "/memory@c0000000").property("reg").orElseThrow().number(0, 2));
    assertEquals(Finding.Severity.NOTE, imported.findings().getLast().severity());
  }

  @Test
  void tablesWithoutProcessorsAreRefused() {
    fadt(0);
    PlatformException none = assertThrows(PlatformException.class, this::imported);
    assertTrue(none.getMessage().contains("MADT") && none.getMessage().contains("give all tables"), none.getMessage());
    tables.add(AcpiTable.of(madt(2)));
    assertTrue(assertThrows(PlatformException.class, this::imported).getMessage().startsWith("APIC: "));
  }

  @Test
  void aWrongSumIsNamed() {
    byte[] bytes = AcpiTable.of(madt(2).add(processor(0, 0))).bytes();
    bytes[TableHeader.CHECKSUM.spec().offset()]++;
    tables.add(AcpiTable.read(bytes));
    assertTrue(said(imported(), "APIC").contains("sum"));
  }

  /** A notebook has hundreds of them: a line each would hide what else is said. */
  @Test
  void connectionsOverPinsAndSlowBusesAreCountedInOneLineAKind() {
    fadt(Fadt.PSCI_COMPLIANT);
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    byte[] descriptors = {(byte) 0x8c, 2, 0, 1, 2, (byte) 0x8c, 1, 0, 7, (byte) 0x8e, 0, 0, 0x22, 1, 0, 0x79, 0};
    namespace(Aml.device("PIN0", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_CRS", Aml.buffer(descriptors)))),
        Aml.device("PIN1", List.of(Aml.name("_HID", Aml.text("ACME0001")), Aml.name("_CRS", Aml.buffer(descriptors)))));
    Imported imported = imported();
    assertEquals("4 resource descriptors of kind GPIO connection (tag 0x8c) aren't looked at", said(imported,
        "\\_SB.PIN0._CRS and others"));
    List<String> all = imported.findings().stream().map(Finding::what).filter(what -> what.contains("descriptor")).toList();
    assertEquals(4, all.size(), all::toString);
    assertTrue(all.contains("2 resource descriptors of kind serial bus connection (tag 0x8e) aren't looked at"), all::toString);
    assertEquals(2, all.stream().filter("a resource descriptor with tag 0x22 isn't understood"::equals).count(), all::toString);
  }

  @Test
  void tableThatCannotBeReadIsAWarningBesideTheTreeOfTheOthers(@TempDir Path folder) throws IOException {
    fadt(Fadt.PSCI_COMPLIANT);
    tables.add(AcpiTable.of(madt(2).add(processor(0, 0))));
    for (AcpiTable table : tables) {
      Files.write(folder.resolve(table.signature() + ".dat"), table.bytes());
    }
    byte[] damaged = AcpiTable.of(AcpiTable.header(Spcr.LAYOUT, 2, MAKER)).bytes();
    damaged[4]++;
    Files.write(folder.resolve("SPCR.dat"), damaged);
    Files.write(folder.resolve("ZERO.dat"), new byte[0]);
    Imported imported = AcpiFormat.read(List.of(folder), MEMORY, new AcpiParts(List.of(), Map.of(), Map.of()));
    assertEquals(1, imported.tree().node("/cpus").orElseThrow().children().size());
    List<Finding> left = imported.findings().stream().filter(finding -> finding.what().contains("nothing of it")).toList();
    assertEquals(List.of("SPCR.dat: SPCR, offset 0x4", "ZERO.dat: table, offset 0x0"), left.stream().map(finding -> finding.node()
        .substring(
            folder.toString().length() + 1)).toList());
    assertTrue(left.stream().allMatch(finding -> finding.severity() == Finding.Severity.WARNING), left::toString);
    for (AcpiTable table : tables) {
      Files.delete(folder.resolve(table.signature() + ".dat"));
    }
    String why = assertThrows(PlatformException.class, () -> AcpiFormat.read(List.of(folder), MEMORY, null)).getMessage();
    assertTrue(why.contains("SPCR.dat: SPCR, offset 0x4: ") && why.contains("ZERO.dat: table, offset 0x0: it is empty"), why);
  }
}
