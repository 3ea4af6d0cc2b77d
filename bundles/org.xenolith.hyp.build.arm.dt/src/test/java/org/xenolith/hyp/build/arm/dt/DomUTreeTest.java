// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.DomUMap;
import org.xenolith.hyp.arm.kit.ExtendedRegions;
import org.xenolith.hyp.arm.kit.HypervisorFacts;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.arm.kit.VcpuAffinity;

class DomUTreeTest {
  private static final long MEMORY = 256L << 20;
  private static final String ARGS = "console=ttyAMA0 nokaslr cryptomgr.notests xl.dump";
  private static final Optional<FdtWindow> INITRD = Optional.of(new FdtWindow(0x4820_0000L, 0xf_10e6));

  private static final FdtWindow ITS = new FdtWindow(0x808_0000L, 0x2_0000);
  private static final Map<Integer, GicFacts> GICS = Map.of(
      2, new GicFacts(2, 0x300_1000L, 0x1000, 0x300_2000L, 0x2000, 288),
      3, new GicFacts(3, 0x300_1000L, 0x1_0000, 0x302_0000L, 0x100_0000, 288));

  @Test
  void treeOfADomainThatKnowsNothingOfXenIsTheOneThatXenMakes() {
    Fdt tree = DomUTree.of(facts(Optional.empty(), 2, 1, true));
    assertEquals(DtsText.of(Golden.tree("domu-gic2.dtb")), DtsText.of(tree));
    assertEquals(Golden.tree("domu-gic2.dtb"), tree);
  }

  @Test
  void treeOfAnEnhancedDomainIsTheOneThatXenMakes() {
    Fdt tree = DomUTree.of(facts(Optional.of(hypervisor(31)), 3, 1, true));
    assertEquals(DtsText.of(Golden.tree("domu-gic3-enhanced.dtb")), DtsText.of(tree));
    assertEquals(Golden.tree("domu-gic3-enhanced.dtb"), tree);
  }

  @Test
  void eachVcpuHasANodeAndSixteenFillACluster() {
    FdtNode cpus = DomUTree.of(facts(Optional.empty(), 3, 18, false)).node("/cpus").orElseThrow();
    assertEquals(18, cpus.children().size());
    assertEquals("cpu@f", cpus.children().get(15).name());
    assertEquals("cpu@101", cpus.children().get(17).name());
    assertEquals(0x101, cpus.children().get(17).property("reg").orElseThrow().u32());
  }

  @Test
  void domainWithoutAUartHasNoneInItsTree() {
    assertFalse(DomUTree.of(facts(Optional.empty(), 3, 1, false)).node("/sbsa-uart@22000000").isPresent());
  }

  @Test
  void hostBridgeSendsItsMessagesToTheItsBelowTheGic() {
    Fdt tree = DomUTree.of(withPci(3, Optional.of(ITS)));
    FdtNode bridge = tree.node("/pcie@10000000").orElseThrow();
    assertEquals("pci-host-ecam-generic", bridge.property("compatible").orElseThrow().string());
    assertEquals("pci", bridge.property("device_type").orElseThrow().string());
    assertEquals(FdtProperty.ofU64("reg", 0x1000_0000L, 0x1000_0000L), bridge.property("reg").orElseThrow());
    assertEquals(FdtProperty.ofCells("bus-range", 0, 255), bridge.property("bus-range").orElseThrow());
    assertEquals(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0x2300_0000, 0, 0x2300_0000, 0, 0x1000_0000,
        0x4300_0000, 1, 0, 1, 0, 1, 0), bridge.property("ranges").orElseThrow());
    assertTrue(bridge.has("dma-coherent"));
    int phandle = bridge.property("msi-map").orElseThrow().cell(1);
    assertEquals(FdtProperty.ofCells("msi-map", 0, phandle, 0, 0x1_0000), bridge.property("msi-map").orElseThrow());
    FdtNode its = tree.index().byPhandle(phandle).orElseThrow();
    assertEquals("arm,gic-v3-its", its.property("compatible").orElseThrow().string());
    assertEquals(List.of(ITS), new FdtAddresses(tree.index(), (path, what, remedy) -> {}).windows(its));
    assertEquals(1, its.property("#msi-cells").orElseThrow().cell(0));
    FdtNode gic = tree.index().parentOf(its).orElseThrow();
    assertTrue(gic.has("interrupt-controller"));
    assertEquals(tree, FdtReader.read(FdtWriter.write(tree)));
  }

  @Test
  void withoutAnItsTheBridgeHasNoMessages() {
    Fdt tree = DomUTree.of(withPci(2, Optional.empty()));
    assertFalse(tree.node("/pcie@10000000").orElseThrow().has("msi-map"));
    assertEquals(0, tree.node("/interrupt-controller").orElseThrow().property("#address-cells").orElseThrow().cell(0));
    assertThrows(IllegalArgumentException.class, () -> withPci(2, Optional.of(ITS)));
  }

  @Test
  void aShareOfAMessageFrameIsWhereMessagesGo() {
    Fdt tree = DomUTree.of(withPci(2, Optional.empty(), Optional.of(new V2mFrame(0x0808_0000L, 128, 16))));
    FdtNode frame = tree.node("/interrupt-controller/v2m").orElseThrow();
    assertEquals(List.of("arm,gic-v2m-frame"), frame.property("compatible").orElseThrow().strings());
    assertTrue(frame.has("msi-controller"));
    assertEquals(List.of(new FdtWindow(0x0808_0000L, 0x1000)), new FdtAddresses(tree.index(), (path, what, remedy) -> {})
        .windows(frame));
    assertEquals(128, frame.property("arm,msi-base-spi").orElseThrow().cell(0));
    assertEquals(16, frame.property("arm,msi-num-spis").orElseThrow().cell(0));
    assertEquals(frame.property("phandle").orElseThrow().cell(0),
        tree.node("/pcie@10000000").orElseThrow().property("msi-map").orElseThrow().cell(1));
    assertThrows(IllegalArgumentException.class, () -> withPci(3, Optional.empty(), Optional.of(new V2mFrame(0x0808_0000L, 128, 16))));
  }

  @Test
  void whatIsKeptOfAFrameIsBehindWhatTheHardwareDomainHas() {
    V2mFrame frame = new V2mFrame(0x0802_0000L, 80, 64);
    assertEquals(frame, frame.before(List.of()));
    assertEquals(new V2mFrame(0x0802_0000L, 80, 48), frame.before(List.of(128, 129)));
    assertEquals(0, frame.before(List.of(80)).count());
  }

  private static DomUFacts withPci(int gic, Optional<FdtWindow> its) {
    return withPci(gic, its, Optional.empty());
  }

  private static DomUFacts withPci(int gic, Optional<FdtWindow> its, Optional<V2mFrame> v2m) {
    return new DomUFacts(Optional.of(hypervisor(31)), DomUMap.banks(MEMORY), Optional.of(ARGS), INITRD, Optional.empty(),
        "arm,cortex-a57", VcpuAffinity.of(1), GICS.get(gic), false, Optional.of(new DomUPci(
            new FdtWindow(0x1000_0000L, 0x1000_0000L), new FdtWindow(0x2300_0000L, 0x1000_0000L),
            new FdtWindow(0x1_0000_0000L, 0x1_0000_0000L), its, v2m)));
  }

  @Test
  void largeDomainHasTwoBanksInOneNode() {
    List<FdtWindow> banks = DomUMap.banks(4L << 30);
    assertEquals(List.of(new FdtWindow(0x4000_0000L, 3L << 30), new FdtWindow(0x2_0000_0000L, 1L << 30)), banks);
    assertThrows(IllegalArgumentException.class, () -> DomUMap.banks(0));
    assertThrows(IllegalArgumentException.class, () -> DomUMap.banks(4097));
    assertThrows(IllegalArgumentException.class, () -> DomUMap.banks(2L << 40));
  }

  @Test
  void interruptOfEventChannelsIsAPrivateOne() {
    String message = assertThrows(IllegalArgumentException.class, () -> hypervisor(32)).getMessage();
    assertTrue(message.contains("32"), message);
  }

  private static HypervisorFacts hypervisor(int intid) {
    List<FdtWindow> banks = DomUMap.banks(MEMORY);
    return new HypervisorFacts("4.17", DomUMap.GRANT_WINDOW, ExtendedRegions.of(DomUMap.RAM, banks), intid);
  }

  private static DomUFacts facts(Optional<HypervisorFacts> hypervisor, int gic, int vcpus, boolean uart) {
    return new DomUFacts(hypervisor, DomUMap.banks(MEMORY), Optional.of(ARGS), INITRD, Optional.empty(), "arm,cortex-a57",
        VcpuAffinity.of(vcpus), GICS.get(gic), uart);
  }
}
