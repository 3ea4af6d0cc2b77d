// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.build.arm.dt.HandledNode.Handling;

class Dom0TreeTest {
  private final List<String> faults = new ArrayList<>();

  @Test
  void treeOfAGicv2BoardIsTheOneThatXenMakes() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic2.dtb"), Golden.dom0(List.of(0), true));
    assertEquals(DtsText.of(Golden.tree("dom0-gic2-smp1.dtb")), DtsText.of(asLinuxLeavesIt(plan.tree())));
    assertEquals(Golden.tree("dom0-gic2-smp1.dtb"), asLinuxLeavesIt(plan.tree()));
    assertEquals(List.of(), faults);
  }

  @Test
  void treeForTwoCpusIsTheOneThatXenMakes() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic2-smp2.dtb"), Golden.dom0(List.of(0, 1), true));
    assertEquals(DtsText.of(Golden.tree("dom0-gic2-smp2.dtb")), DtsText.of(asLinuxLeavesIt(plan.tree())));
    assertEquals(Golden.tree("dom0-gic2-smp2.dtb"), asLinuxLeavesIt(plan.tree()));
  }

  @Test
  void treeOfAGicv3BoardIsTheOneThatXenMakes() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic3.dtb"), Golden.dom0(List.of(0), false));
    assertEquals(DtsText.of(Golden.tree("dom0-gic3-smp1.dtb")), DtsText.of(asLinuxLeavesIt(plan.tree())));
    assertEquals(Golden.tree("dom0-gic3-smp1.dtb"), asLinuxLeavesIt(plan.tree()));
  }

  /**
   * The real trees were read out of a running kernel, which wipes two properties for its own use: {@code rng-seed} is
   * overwritten with NOP tokens, the value of {@code kaslr-seed} with zeroes. These are the only differences.
   */
  private static Fdt asLinuxLeavesIt(Fdt tree) {
    return tree.edit("/chosen", chosen -> chosen.withoutProperty("rng-seed")
        .withProperty(FdtProperty.ofU64("kaslr-seed", 0)));
  }

  @Test
  void everyWindowAndInterruptOfAGicv2BoardIsTheOneThatXenGives() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic2.dtb"), Golden.dom0(List.of(0), true));
    assertEquals(nodesOf("trace-gic2.txt"), String.join("\n", BuildTrace.of(plan)));
    assertTrue(plan.windows().contains(new FdtWindow(0x802_0000L, 0x1000)));
    assertEquals(64, plan.interrupts().stream().filter(i -> i.intid() >= 80 && i.edge()).count());
  }

  @Test
  void everyWindowAndInterruptOfAGicv3BoardIsTheOneThatXenGives() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic3.dtb"), Golden.dom0(List.of(0), false));
    assertEquals(nodesOf("trace-gic3.txt"), String.join("\n", BuildTrace.of(plan)));
  }

  @Test
  void sharedLineIsRoutedOnce() {
    Dom0Plan plan = plan(Golden.hostWithModules("host-gic2.dtb"), Golden.dom0(List.of(0), false));
    List<Integer> numbers = plan.interrupts().stream().map(RoutedInterrupt::intid).toList();
    assertEquals(new ArrayList<>(new TreeSet<>(numbers)), numbers);
    assertTrue(plan.interrupts().contains(new RoutedInterrupt(35, false)), "a PCI line is a level");
    assertTrue(plan.interrupts().contains(new RoutedInterrupt(48, true)), "a virtio line is an edge");
  }

  /** What the trace says of the host's nodes, without the lines between and after them. */
  private static String nodesOf(String trace) {
    return String.join("\n", Golden.lines(trace).stream().filter(l -> l.startsWith("handle ") || l.startsWith("/")
        || l.startsWith("  ") || l.startsWith("Mapping children") || l.equals("Create gic node")
        || l.equals("Create timer node")).toList());
  }

  @Test
  void deviceKeptForAnotherDomainIsShownDisabledAndNotMapped() {
    Fdt host = Golden.tree("host-gic3.dtb")
        .edit("/pcie", n -> n.withProperty(FdtProperty.ofFlag("xen,passthrough")).withProperty(
            FdtProperty.ofStrings("status", "okay")));
    Dom0Plan plan = plan(host, Golden.dom0(List.of(0), false));
    FdtNode pcie = plan.tree().node("/pcie").orElseThrow();
    assertEquals(FdtProperty.ofStrings("status", "disabled"), pcie.properties().getLast());
    assertEquals(Handling.WITHHELD, handled(plan, "/pcie@10000000").handling());
    assertFalse(plan.windows().stream().anyMatch(w -> w.base() == 0x40_1000_0000L));
    assertFalse(plan.interrupts().stream().anyMatch(i -> i.intid() == 35));
  }

  @Test
  void deviceBehindAnIommuOfTheHypervisorLosesItsIommuProperties() {
    Fdt host = Golden.tree("host-gic3.dtb").withRoot(Golden.tree("host-gic3.dtb").root().withChild(iommu()));
    Fdt behind = host.edit("/pcie", n -> n.withProperty(FdtProperty.ofCells("iommu-map", 0, 0x9000, 0, 0x10000)))
        .edit("/fw-cfg", n -> n.withProperty(FdtProperty.ofCells("iommus", 0x9000, 7)));
    Dom0Facts facts = Golden.dom0(List.of(0), false);
    Dom0Plan unused = plan(behind, facts);
    assertTrue(unused.tree().node("/pcie").orElseThrow().has("iommu-map"));
    assertTrue(unused.tree().node("/smmu").isPresent());
    Dom0Plan used = plan(behind, new Dom0Facts(facts.hypervisor(), facts.memory(), facts.bootArgs(), facts.initrd(),
        facts.vcpus(), Set.of("/smmu@9050000"), List.of()));
    assertFalse(used.tree().node("/pcie").orElseThrow().has("iommu-map"));
    assertFalse(used.tree().node("/fw-cfg").orElseThrow().has("iommus"));
    assertTrue(used.tree().node("/smmu").isEmpty());
    assertTrue(used.tree().node("/pl011").isPresent(), "no console of the hypervisor: the UART is passed on");
  }

  @Test
  void secondSmmuOfABridgeCountsToo() {
    Fdt host = Golden.tree("host-gic3.dtb").withRoot(Golden.tree("host-gic3.dtb").root().withChild(iommu()))
        .edit("/pcie", n -> n.withProperty(FdtProperty.ofCells("iommu-map", 0, 0x8003, 0, 0x100, 0x100, 0x9000, 0, 0x100))
            .withProperty(FdtProperty.ofCells("iommu-map-mask", 0xffff)));
    FdtNode bridge = plan(host, Golden.dom0(List.of(0), false, Set.of("/smmu@9050000"))).tree().node("/pcie").orElseThrow();
    assertFalse(bridge.has("iommu-map"));
    assertFalse(bridge.has("iommu-map-mask"));
  }

  @Test
  void domainWithAnItsKeepsTheMapsToIt() {
    FdtWindow registers = new FdtWindow(0x808_0000L, 0x2_0000);
    Dom0Plan plan = driven(unnumbered(), Optional.of(registers), 3);
    FdtNode its = plan.tree().node("/interrupt-controller/its@8080000").orElseThrow();
    assertEquals(0x8003, FdtIndex.phandleOf(its).orElseThrow());
    assertEquals(FdtProperty.ofU64("reg", registers.base(), registers.size()), its.property("reg").orElseThrow());
    assertTrue(its.has("msi-controller"));
    FdtNode bridge = plan.tree().node("/pcie").orElseThrow();
    assertEquals(0x8003, bridge.property("msi-map").orElseThrow().cell(1));
    assertEquals(FdtProperty.ofCells("linux,pci-domain", 3), bridge.property("linux,pci-domain").orElseThrow());
    FdtNode gic = plan.tree().node("/interrupt-controller").orElseThrow();
    assertTrue(gic.has("ranges"));
    assertEquals(2, gic.property("#size-cells").orElseThrow().cell(0));
    assertTrue(plan.windows().stream().noneMatch(w -> w.base() == registers.base()), "its frames are trapped");
  }

  @Test
  void itsStandsWhereTheVirtualOneDoes() {
    Dom0Plan plan = driven(Golden.tree("host-gic3.dtb"), Optional.of(new FdtWindow(0x1_0000_0000L, 0x2_0000)), 3);
    FdtNode its = plan.tree().node("/interrupt-controller/its@100000000").orElseThrow();
    assertEquals(FdtProperty.ofU64("reg", 0x1_0000_0000L, 0x2_0000), its.property("reg").orElseThrow());
    Fdt translating = Golden.tree("host-gic3.dtb").edit("/intc", n -> n.withProperty(FdtProperty.ofCells("ranges", 0, 0, 0, 0, 1, 0)));
    assertTrue(assertThrows(FdtException.class, () -> driven(translating, Optional.of(new FdtWindow(0x1_0000_0000L, 0x2_0000)), 3))
        .getMessage().contains("intc"));
  }

  @Test
  void withoutAnItsTheMapsToTheHostsGo() {
    Fdt host = Golden.tree("host-gic3.dtb").edit("/fw-cfg", n -> n.withProperty(FdtProperty.ofCells("msi-parent", 0x8003)))
        .edit("/pcie", n -> n.withProperty(FdtProperty.ofCells("msi-map-mask", 0xffff))
            .withProperty(FdtProperty.ofCells("linux,pci-domain", 7)));
    Dom0Plan plan = driven(host, Optional.empty(), 1);
    FdtNode bridge = plan.tree().node("/pcie").orElseThrow();
    assertFalse(bridge.has("msi-map"));
    assertFalse(bridge.has("msi-map-mask"));
    assertFalse(plan.tree().node("/fw-cfg").orElseThrow().has("msi-parent"));
    assertEquals(FdtProperty.ofCells("linux,pci-domain", 7), bridge.property("linux,pci-domain").orElseThrow());
    assertEquals(1, bridge.properties().stream().filter(p -> p.name().equals("linux,pci-domain")).count());
    FdtNode untouched = plan(host, Golden.dom0(List.of(0), false)).tree().node("/pcie").orElseThrow();
    assertTrue(untouched.has("msi-map"), "as Xen 4.17 leaves it");
  }

  @Test
  void segmentComesBeforeTheStatusOfADisabledBridge() {
    Fdt host = unnumbered().edit("/pcie", n -> n.withProperty(FdtProperty.ofStrings("status", "disabled")));
    FdtNode bridge = driven(host, Optional.empty(), 2).tree().node("/pcie").orElseThrow();
    assertEquals("status", bridge.properties().getLast().name());
    assertTrue(bridge.has("linux,pci-domain"));
  }

  private static Fdt unnumbered() {
    return Golden.tree("host-gic3.dtb").edit("/pcie", n -> n.withoutProperty("linux,pci-domain"));
  }

  private Dom0Plan driven(Fdt host, Optional<FdtWindow> its, int segment) {
    return plan(host, Golden.dom0(List.of(0), false).with(new Dom0Pci(Map.of("/pcie@10000000", segment), its, List.of())));
  }

  private static FdtNode iommu() {
    FdtBuilder root = FdtBuilder.root();
    root.child("smmu@9050000").strings("compatible", "arm,smmu-v3").u64("reg", 0x905_0000L, 0x2_0000)
        .cells("#iommu-cells", 1).cells("phandle", 0x9000);
    return root.build().children().getFirst();
  }

  @Test
  void nodeOfOurOwnBoardStaysWithTheHypervisor() {
    FdtBuilder root = FdtBuilder.root();
    root.child("exit@9080000").strings("compatible", "xenolith,exit").u64("reg", 0x908_0000L, 0x1000);
    Fdt plain = Golden.tree("host-gic3.dtb");
    Dom0Plan plan = plan(plain.withRoot(plain.root().withChild(root.build().children().getFirst())),
        Golden.dom0(List.of(0), false));
    assertEquals(Handling.USED_BY_HYPERVISOR, handled(plan, "/exit@9080000").handling());
    assertTrue(plan.tree().node("/exit").isEmpty());
    assertFalse(plan.windows().stream().anyMatch(w -> w.base() == 0x908_0000L));
  }

  @Test
  void commandLineOfTheHostStaysUnlessAnotherIsGiven() {
    Fdt host = Golden.tree("host-gic3.dtb").edit("/chosen", n -> n.withProperty(
        FdtProperty.ofStrings("bootargs", "quiet")).withProperty(FdtProperty.ofU64("linux,initrd-start", 1)));
    Dom0Facts facts = Golden.dom0(List.of(0), false);
    Dom0Facts silent = new Dom0Facts(facts.hypervisor(), facts.memory(), Optional.empty(), Optional.empty(),
        facts.vcpus(), facts.ownNodes(), List.of());
    FdtNode chosen = plan(host, silent).tree().node("/chosen").orElseThrow();
    assertEquals("quiet", chosen.property("bootargs").orElseThrow().string());
    assertFalse(chosen.has("linux,initrd-start"), "the host's initrd isn't the domain's");
    assertEquals("console=hvc0 earlycon=xenboot xl.dump", plan(host, facts).tree().node("/chosen").orElseThrow()
        .property("bootargs").orElseThrow().string());
  }

  @Test
  void secondMessageFrameHasANameOfItsOwn() {
    Fdt host = Golden.tree("host-gic2.dtb").edit("/intc@8000000", n -> {
      FdtNode first = n.children().getFirst();
      return n.withChild(new FdtNode("v2m@8060000", List.of(first.property("compatible").orElseThrow(),
          FdtProperty.ofU64("reg", 0x806_0000L, 0x1000)), List.of()));
    });
    Dom0Facts facts = Golden.dom0(List.of(0), true);
    Dom0Plan plan = plan(host, new Dom0Facts(facts.hypervisor(), facts.memory(), facts.bootArgs(), facts.initrd(),
        facts.vcpus(), Set.of(), List.of(new V2mFrame(0x802_0000L, 80, 64), new V2mFrame(0x806_0000L, 144, 16))));
    assertEquals(List.of("v2m", "v2m@8060000"), plan.tree().node("/interrupt-controller").orElseThrow().children()
        .stream().map(FdtNode::name).toList());
    assertEquals(159, plan.interrupts().getLast().intid());
  }

  /** As Xen 4.17 does it for the trees of Juno and others: what it can't virtualize stays away, PMUs that it doesn't know don't. */
  @Test
  void onlyNodesThatXenSkipsAreLeftOut() {
    FdtBuilder more = FdtBuilder.root();
    more.child("timer@2a810000").strings("compatible", "arm,armv7-timer-mem").u64("reg", 0x2a81_0000L, 0x1_0000).child("frame@2a830000")
        .cells("frame-number", 1);
    more.child("pmu-a72").strings("compatible", "arm,cortex-a72-pmu").cells("interrupts", 0, 2, 4);
    more.child("pmu").strings("compatible", "arm,armv8-pmuv3").cells("interrupts", 1, 7, 4);
    more.child("pmu-a15").strings("compatible", "arm,cortex-a15-pmu").cells("interrupts", 0, 6, 4);
    more.child("edac").strings("compatible", "arm,cortex-a53-edac");
    Dom0Plan plan = plan(with(more), Golden.dom0(List.of(0), false));
    for (String path : List.of("/timer@2a810000", "/pmu", "/pmu-a15", "/edac")) {
      assertEquals(Handling.LEFT_OUT, handled(plan, path).handling(), path);
      assertTrue(plan.tree().node(path).isEmpty(), path);
    }
    assertFalse(plan.windows().stream().anyMatch(w -> w.base() == 0x2a81_0000L));
    assertEquals(Handling.PASSED, handled(plan, "/pmu-a72").handling());
    assertTrue(plan.interrupts().stream().anyMatch(i -> i.intid() == 34));
  }

  @Test
  void smmusOfVersionsOneAndTwoAreNeverTheDomains() {
    for (String kind : List.of("arm,smmu-v1", "arm,smmu-v2", "arm,mmu-400", "arm,mmu-401", "arm,mmu-500")) {
      FdtBuilder more = FdtBuilder.root();
      more.child("iommu@7fb00000").strings("compatible", kind).u64("reg", 0x7fb0_0000L, 0x1_0000).cells("#iommu-cells", 1)
          .cells("phandle", 0x9001);
      more.child("hdlcd@7ff50000").strings("compatible", "arm,hdlcd").u64("reg", 0x7ff5_0000L, 0x1000).cells("iommus", 0x9001, 0);
      Fdt host = with(more).edit("/pcie", n -> n.withProperty(FdtProperty.ofCells("iommu-map", 0, 0x9001, 0, 0x1_0000))
          .withProperty(FdtProperty.ofCells("iommu-map-mask", 0)));
      Dom0Plan plan = plan(host, Golden.dom0(List.of(0), false));
      assertTrue(plan.tree().node("/iommu@7fb00000").isEmpty(), kind);
      assertFalse(plan.windows().stream().anyMatch(w -> w.base() == 0x7fb0_0000L), kind);
      assertFalse(plan.tree().node("/hdlcd@7ff50000").orElseThrow().has("iommus"), kind);
      assertFalse(plan.tree().node("/pcie").orElseThrow().has("iommu-map"), kind);
      assertFalse(plan.tree().node("/pcie").orElseThrow().has("iommu-map-mask"), kind);
    }
  }

  /** A GICv3 board with more nodes at its root. */
  private static Fdt with(FdtBuilder more) {
    Fdt host = Golden.tree("host-gic3.dtb");
    for (FdtNode node : more.build().children()) {
      host = host.withRoot(host.root().withChild(node));
    }
    return host;
  }

  @Test
  void privateInterruptOfADeviceIsReportedAndNotRouted() {
    Fdt host = Golden.tree("host-gic3.dtb").edit("/pl031", n -> n.withProperty(
        FdtProperty.ofCells("interrupts", 1, 2, 4)));
    Dom0Plan plan = plan(host, Golden.dom0(List.of(0), false));
    assertEquals(List.of(), handled(plan, "/pl031@9010000").own().interrupts());
    assertTrue(faults.getFirst().startsWith("/pl031@9010000: its interrupt is private"), faults.toString());
  }

  @Test
  void windowsBelowATranslatingBusAreCpuAddresses() {
    Dom0Plan plan = plan(PortBoard.tree(), Golden.dom0(List.of(0), false, Set.of()));
    HandledNode port = handled(plan, "/soc/pcie@2b0000");
    assertEquals(List.of(new FdtWindow(0x1f2b_0000L, 0x1_0000), new FdtWindow(0xe0_d000_0000L, 0x4_0000)),
        port.own().windows());
    assertEquals(List.of(new FdtWindow(0xe0_1000_0000L, 0x1_0000), new FdtWindow(0xe1_8000_0000L, 0x8000_0000L),
        new FdtWindow(0xf0_0000_0000L, 0x10_0000_0000L)), port.bus().windows());
    assertEquals(List.of(226, 227, 228, 229),
        port.bus().interrupts().stream().map(RoutedInterrupt::intid).toList());
    assertEquals("disabled", plan.tree().node("/soc/pcie").orElseThrow().properties().getLast().string(),
        "a disabled port is mapped too, its status comes last");
  }

  @Test
  void treeWithoutWhatADomainNeedsIsRefusedByName() {
    Fdt host = Golden.tree("host-gic3.dtb");
    Dom0Facts facts = Golden.dom0(List.of(0), false);
    Fdt noGic = host.withRoot(host.root().withoutChild("intc@8000000"));
    assertTrue(assertThrows(FdtException.class, () -> plan(noGic, facts)).getMessage().contains("GIC"));
    Fdt noCpu = host.withRoot(host.root().withoutChild("cpus"));
    assertTrue(assertThrows(FdtException.class, () -> plan(noCpu, facts)).getMessage().contains("CPU"));
    Fdt noTimer = host.edit("/timer", n -> n.withoutProperty("interrupts"));
    assertTrue(assertThrows(FdtException.class, () -> plan(noTimer, facts)).getMessage().contains("PPIs"));
    Dom0Facts wrong = Golden.dom0(List.of(0), false, Set.of("/nowhere"));
    assertTrue(assertThrows(FdtException.class, () -> plan(host, wrong)).getMessage().contains("/nowhere"));
  }

  private Dom0Plan plan(Fdt host, Dom0Facts facts) {
    return Dom0Tree.of(host, facts, (path, what, remedy) -> faults.add(path + ": " + what + "; " + remedy));
  }

  private static HandledNode handled(Dom0Plan plan, String path) {
    return plan.nodes().stream().filter(n -> n.path().equals(path)).findFirst().orElseThrow();
  }
}
