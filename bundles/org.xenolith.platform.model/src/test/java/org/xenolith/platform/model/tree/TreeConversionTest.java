// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.model.Bus;
import org.xenolith.platform.model.Cpu;
import org.xenolith.platform.model.Device;
import org.xenolith.platform.model.MemoryRegion;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformFactory;
import org.xenolith.platform.model.Reference;

class TreeConversionTest {
  private final Fdt tree = tree();
  private final Platform platform = TreeConversion.toModel("sample", tree);

  private static Fdt tree() {
    FdtBuilder root = FdtBuilder.root().strings("compatible", "acme,board").cells("#address-cells", 1)
        .cells("#size-cells", 1).cells("interrupt-parent", 1);
    root.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0).child("cpu@101")
        .strings("device_type", "cpu").cells("reg", 0x101).strings("enable-method", "psci");
    root.child("memory@80000000").strings("device_type", "memory").cells("reg", 0x8000_0000, 0x1000);
    root.child("intc").strings("compatible", "acme,intc").cells("phandle", 1).cells("#interrupt-cells", 1)
        .flag("interrupt-controller").cells("reg", 0x100, 0x10);
    root.child("clk").strings("compatible", "fixed-clock").cells("phandle", 2).cells("#clock-cells", 0);
    root.child("smmu").strings("compatible", "arm,smmu-v3").cells("phandle", 3).cells("#iommu-cells", 1);
    FdtBuilder soc = root.child("soc").strings("compatible", "simple-bus").cells("#address-cells", 2)
        .cells("#size-cells", 1).cells("ranges", 0, 0, 0x1000, 0x1000);
    soc.child("uart").strings("compatible", "arm,pl011").cells("reg", 0, 0x20, 0x10).cells("interrupts", 5)
        .cells("clocks", 2).cells("iommus", 3, 9).cells("iommu-map", 0, 3, 0x40, 8).bytes("odd", new byte[3]);
    return new Fdt(7, List.of(new FdtReservation(1, 2)), root.build());
  }

  private Node node(String path) {
    Node at = platform.getRoot();
    for (String step : path.substring(1).split("/")) {
      at = at.getNodes().stream().filter(n -> n.getName().equals(step)).findFirst().orElseThrow();
    }
    return at;
  }

  @Test
  void theModelGivesTheTreeBack() {
    assertEquals(tree, TreeConversion.toTree(platform));
  }

  @Test
  void kindsOfNodesFollowFromTheirProperties() {
    assertInstanceOf(Cpu.class, node("/cpus/cpu@101"));
    assertInstanceOf(MemoryRegion.class, node("/memory@80000000"));
    assertInstanceOf(Bus.class, node("/soc"));
    Node uart = node("/soc/uart");
    assertTrue(uart instanceof Device && !(uart instanceof Bus));
    assertEquals(1, platform.getCpus().size());
    assertEquals(1, platform.getMemory().size());
    assertEquals(List.of("/intc", "/clk", "/smmu", "/soc", "/soc/uart"),
        platform.getDevices().stream().map(Node::getPath).toList());
  }

  @Test
  void typedFeaturesAreDerivedFromRawProperties() {
    Cpu cpu = (Cpu) node("/cpus/cpu@101");
    assertEquals(0x101, cpu.getAffinity());
    assertEquals("psci", cpu.getEnableMethod());
    assertNull(((Cpu) PlatformFactory.eINSTANCE.createCpu()).getEnableMethod());
    Bus soc = (Bus) node("/soc");
    assertEquals(2, soc.getAddressCells());
    assertEquals(1, soc.getSizeCells());
    Device uart = (Device) node("/soc/uart");
    assertEquals(List.of("arm,pl011"), uart.getCompatible());
    assertEquals(List.of(new AddressWindow(0x1020, 0x10)), uart.getWindows());
    Reference interrupt = uart.getInterrupts().getFirst();
    assertSame(node("/intc"), interrupt.getProvider());
    assertEquals(List.of(5), interrupt.getCells());
    assertSame(node("/clk"), uart.getClocks().getFirst().getProvider());
    assertEquals(List.of(9), uart.getIommus().getFirst().getCells());
    assertEquals(0x40, uart.getIommuMap().getFirst().getFirstOut());
    assertEquals(List.of(), uart.getMsiMap());
    assertEquals(List.of("odd"), uart.getOtherProperties().stream().map(FdtProperty::name).toList());
  }

  @Test
  void aChangedPropertyChangesWhatIsDerivedFromIt() {
    Device uart = (Device) node("/soc/uart");
    assertEquals(0x1020, uart.getWindows().getFirst().base());
    uart.getProperties().set(1, FdtProperty.ofCells("reg", 0, 0x40, 0x10));
    assertEquals(0x1040, uart.getWindows().getFirst().base());
    Node soc = node("/soc");
    assertTrue(uart.isEnabled());
    soc.getProperties().add(FdtProperty.ofStrings("status", "disabled"));
    assertFalse(uart.isEnabled());
    soc.getProperties().removeLast();
    soc.getProperties().add(FdtProperty.ofCells("status", 1));
    assertFalse(uart.isEnabled());
  }

  @Test
  void aModelThatIsNoTreeIsRefusedByPathAndDerivesNothing() {
    Node twin = PlatformFactory.eINSTANCE.createNode();
    twin.setName("uart");
    node("/soc").getNodes().add(twin);
    FdtException e = assertThrows(FdtException.class, () -> TreeConversion.toTree(platform));
    assertTrue(e.getMessage().startsWith("/soc: two child nodes are named 'uart'"), e.getMessage());
    assertEquals(List.of(), ((Device) node("/soc/uart")).getWindows());
    assertThrows(FdtException.class, () -> TreeConversion.toTree(PlatformFactory.eINSTANCE.createPlatform()));
  }
}
