// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Ivrs;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class PciTablesTest {
  private static final TableIdentity MAKER = new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1);
  private static final int ITS = 4;
  private static final int OTHER_ITS = 5;
  private static final int SMMU = 6;

  private final List<PlatformNode> nodes = new ArrayList<>();
  private AcpiTables tables;

  /** A bridge whose configuration space is at its first window, of a maker or anybody. */
  private record Bridge(TableIdentity maker) implements AcpiBridgeKind {
    @Override
    public Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node) {
      return Optional.of(new Configuration(node.windows().getFirst().base(), 0, 0xff));
    }

    @Override
    public Optional<TableIdentity> identity(TableIdentity board) {
      return Optional.ofNullable(maker);
    }
  }

  /** A bus master that is no function of PCI. */
  private record Master() implements AcpiDeviceKind {
    @Override
    public String prefix() {
      return "DMA";
    }

    @Override
    public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
      return List.of();
    }
  }

  private static FakeNode bridge(String compatible, long base) {
    return FakeNode.at("/pcie@" + Long.toHexString(base)).compatible(compatible).window(base, 256 << 20);
  }

  private void controllers() {
    nodes.add(FakeNode.at("/its@1").compatible("arm,gic-v3-its").window(0x1000, 0x2_0000).cells("phandle", ITS).build());
    nodes.add(FakeNode.at("/its@2").compatible("arm,gic-v3-its").window(0x2000, 0x2_0000).cells("phandle", OTHER_ITS).build());
    nodes.add(FakeNode.at("/smmu@3").compatible("arm,smmu-v3").window(0x3000, 0x2_0000).cells("phandle", SMMU).flag("dma-coherent")
        .build());
  }

  private Structure table(String signature) {
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD);
    TableIdentity quirk = new TableIdentity("QUIRKY", "BRIDGE", 3, "TOOL", 1);
    Map<String, AcpiBridgeKind> bridges = Map.of("acme,pcie", new Bridge(null), "acme,quirk", new Bridge(quirk), "acme,other",
        new Bridge(quirk.withTable("OTHER", 1)));
    tables = AcpiTables.of(platform, new AcpiParts(List.of(new McfgBuilder(), new IortBuilder(), new IvrsBuilder()), Map.of("acme,master",
        new Master()),
        bridges), AcpiSetting.of(MAKER));
    assertEquals(List.of(), MachineCheck.faults(tables.set()));
    return tables.set().find(signature).orElseThrow().structure();
  }

  /** Mappings as {@code first+count-1 to id at node}. */
  private static List<String> mappings(Structure iort, Structure node) {
    return node.all(Iort.MAPPING).stream().map(mapping -> "%x+%x to %x at %s".formatted(mapping.get(Iort.Mapping.INPUT_BASE),
        mapping.get(Iort.Mapping.ID_COUNT), mapping.get(Iort.Mapping.OUTPUT_BASE), iort.structures().filter(each -> each.offset() == mapping
            .get(Iort.Mapping.OUTPUT_REFERENCE)).map(PciTablesTest::name).findFirst().orElse("nothing"))).toList();
  }

  private static String name(Structure node) {
    return node.layout().name() + node.all(Iort.ITS_ID).stream().map(its -> " " + its.get(Iort.ItsId.GIC_ITS_ID)).findFirst().orElse("");
  }

  @Test
  void messagesGoThroughTheSmmuWhereRequestsDoAndPastItWhereTheyDont() {
    controllers();
    nodes.add(bridge("acme,pcie", 0x1000_0000).cells("iommu-map", 0, SMMU, 0x1000, 0x100, 0x200, SMMU, 0x8000, 0x100)
        .cells("msi-map", 0, ITS, 0x2_0000, 0x280, 0x280, OTHER_ITS, 0, 0x180).build());
    Structure iort = table("IORT");
    assertEquals(List.of("0+ff to 1000 at SMMUv3", "200+ff to 8000 at SMMUv3", "100+ff to 20100 at ITS group 0",
        "300+ff to 80 at ITS group 1"), mappings(iort, iort.all(Iort.ROOT_COMPLEX).getFirst()));
    assertEquals(List.of("1000+ff to 20000 at ITS group 0", "8000+7f to 20200 at ITS group 0", "8080+7f to 0 at ITS group 1"),
        mappings(iort, iort.all(Iort.SMMU_V3).getFirst()));
    assertEquals(1, iort.all(Iort.SMMU_V3).getFirst().get(Iort.SmmuV3.FLAGS));
    assertEquals(0, iort.all(Iort.ROOT_COMPLEX).getFirst().get(Iort.RootComplex.MEMORY_PROPERTIES));
  }

  /** A tree that has a system without ACPI go without the SMMU's interrupts. */
  @Test
  void namesThatAreNoNamesNameNoInterruptOfAnSmmu() {
    for (byte[] none : new byte[][] {{}, {'e', 'v', 'e', 'n', 't', 'q'}}) {
      nodes.clear();
      controllers();
      nodes.add(FakeNode.at("/smmu@4").compatible("arm,smmu-v3").window(0x4000, 0x2_0000).cells("phandle", SMMU + 1)
          .property(new FdtProperty("interrupt-names", none)).build());
      nodes.add(bridge("acme,pcie", 0x1000_0000).cells("iommu-map", 0, SMMU + 1, 0, 0x100).build());
      assertEquals(0, table("IORT").all(Iort.SMMU_V3).getFirst().get(Iort.SmmuV3.EVENT_GSIV));
    }
  }

  @Test
  void aParentForMessagesIsForAllRequesters() {
    controllers();
    nodes.add(bridge("acme,pcie", 0x1000_0000).cells("msi-parent", ITS).flag("dma-coherent").build());
    Structure root = table("IORT").all(Iort.ROOT_COMPLEX).getFirst();
    assertEquals(List.of("0+ffff to 0 at ITS group 0"), mappings(table("IORT"), root));
    assertEquals(0x0300_0000_0000_0001L, root.get(Iort.RootComplex.MEMORY_PROPERTIES));
  }

  @Test
  void aMapWithAMaskIsNamedAsUntold() {
    controllers();
    nodes.add(bridge("acme,pcie", 0x1000_0000).cells("msi-map", 0, ITS, 0, 0x1_0000).cells("msi-map-mask", 0xff00).build());
    assertEquals(List.of(), mappings(table("IORT"), table("IORT").all(Iort.ROOT_COMPLEX).getFirst()));
    assertTrue(tables.untold().stream().anyMatch(each -> each.what().startsWith("msi-map-mask 0xff00")), tables.untold().toString());
  }

  @Test
  void aMasterThatIsNoPciFunctionIsANamedComponent() {
    controllers();
    nodes.add(FakeNode.at("/dma@9000").compatible("acme,master").cells("iommus", SMMU, 0x77).build());
    Structure iort = table("IORT");
    Structure component = iort.all(Iort.NAMED_COMPONENT).getFirst();
    assertEquals("\\_SB.DMA0\0", new String(component.data(Iort.NAME), StandardCharsets.US_ASCII).substring(0, 10));
    assertEquals(List.of("0+0 to 77 at SMMUv3"), mappings(iort, component));
    assertEquals(1, component.all(Iort.MAPPING).getFirst().get(Iort.Mapping.FLAGS));
    assertEquals(0, component.all(Iort.MAPPING).getFirst().offset() % 4);
  }

  /** 48882, 5.2.2.3, by the bytes. */
  @Test
  void memoryOfDevicesBehindAnIommuIsInIvrs() {
    nodes.add(bridge("acme,pcie", 0x1000_0000).cells("iommu-map", 0, SMMU, 0, 0x100).build());
    nodes.add(FakeNode.at("/pcie@10000000/iommu@1f,0").compatible("xenolith,amd-iommu").cells("reg", 0xF800, 0, 0, 0, 0)
        .cells("amd,registers", 0, 0xFED8_0000, 0, 0x4000).cells("phandle", SMMU).option("unity", "8@9f000+1000 10-0x1f@e0000000+2000:ro")
        .build());
    Structure ivrs = table("IVRS");
    assertEquals(0xF8, ivrs.all(Ivrs.HARDWARE).getFirst().get(Ivrs.Hardware.DEVICE_ID));
    List<Structure> one = ivrs.all(Ivrs.MEMORY_OF_DEVICE);
    List<Structure> several = ivrs.all(Ivrs.MEMORY_OF_DEVICES);
    assertEquals(List.of(1, 1), List.of(one.size(), several.size()));
    assertEquals("21 07 20 08 0 9f000 1000", memory(one.getFirst()));
    assertEquals("22 03 20 10 1f e0000000 2000", memory(several.getFirst()));
  }

  private static String memory(Structure block) {
    return "%02x %02x %02x %02x %x %x %x".formatted(block.get(Ivrs.Memory.TYPE), block.get(Ivrs.Memory.FLAGS), block.get(
        Ivrs.Memory.LENGTH), block.get(Ivrs.Memory.DEVICE_ID), block.get(Ivrs.Memory.AUXILIARY), block.get(Ivrs.Memory.START_ADDRESS),
        block.get(Ivrs.Memory.BLOCK_LENGTH));
  }

  @Test
  void everyBridgeIsInMcfgAndAQuirkyOneNamesItsMaker() {
    nodes.add(bridge("acme,pcie", 0x1000_0000).build());
    assertEquals("MAKER", table("MCFG").text(TableHeader.OEM_ID));
    nodes.add(bridge("acme,quirk", 0x2000_0000).build());
    Structure mcfg = table("MCFG");
    assertEquals("QUIRKY", mcfg.text(TableHeader.OEM_ID));
    assertEquals(3, mcfg.get(TableHeader.OEM_REVISION));
    assertEquals(List.of(0x1000_0000L, 0x2000_0000L), mcfg.all(Mcfg.ALLOCATION).stream().map(each -> each.get(Mcfg.Allocation.BASE_ADDRESS))
        .toList());
    assertEquals(List.of(0L, 1L), mcfg.all(Mcfg.ALLOCATION).stream().map(each -> each.get(Mcfg.Allocation.SEGMENT)).toList());
    nodes.add(bridge("acme,other", 0x3000_0000).build());
    assertEquals("BRIDGE", table("MCFG").text(TableHeader.OEM_TABLE_ID));
    assertTrue(tables.untold().toString().contains("/pcie@30000000: MCFG has one maker"), tables.untold().toString());
  }

  @Test
  void aLevelInterruptOfAnSmmuIsNotTakenForAnEdge() {
    nodes.add(FakeNode.at("/gic").compatible("arm,gic-v3").build());
    nodes.add(FakeNode.at("/smmu@3").compatible("arm,smmu-v3").window(0x3000, 0x2_0000).interrupt("/gic", 0, 1, 4)
        .interrupt("/gic", 0, 2, 1).property(FdtProperty.ofStrings("interrupt-names", "eventq", "gerror")).build());
    Structure smmu = table("IORT").all(Iort.SMMU_V3).getFirst();
    assertEquals(0, smmu.get(Iort.SmmuV3.EVENT_GSIV));
    assertEquals(34, smmu.get(Iort.SmmuV3.GERR_GSIV));
    assertEquals(0, smmu.get(Iort.SmmuV3.REVISION));
    assertTrue(tables.untold().stream().anyMatch(each -> each.what().contains("level-sensitive")), tables.untold().toString());
  }
}
