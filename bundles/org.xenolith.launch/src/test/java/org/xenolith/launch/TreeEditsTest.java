// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

class TreeEditsTest {
  private static FdtNode node(String name, List<FdtProperty> properties, FdtNode... children) {
    return new FdtNode(name, properties, List.of(children));
  }

  private final Fdt tree = Fdt.of(node("", List.of(FdtProperty.ofCells("#address-cells", 2),
      FdtProperty.ofCells("#size-cells", 2)), node("uart@1000", List.of()),
      node("memory@40000000", List.of(FdtProperty.ofStrings("device_type", "memory"),
          FdtProperty.ofU64("reg", 0x4000_0000L, 0x1000_0000L)))));

  @Test
  void aDisabledNodeSaysSoAndTheOthersStay() {
    Fdt edited = TreeEdits.disabled(tree, List.of("/uart@1000"));
    assertEquals("disabled", edited.node("/uart@1000").orElseThrow().property("status").orElseThrow().string());
    assertFalse(edited.node("/memory@40000000").orElseThrow().has("status"));
  }

  @Test
  void guestsSeeNoneOfOursUnlessTheyKnowItByAnotherName() {
    Fdt board = tree.withRoot(tree.root().withChild(node("ethernet", List.of(FdtProperty.ofStrings("compatible", "xenolith,ethernet"))))
        .withChild(node("cpu@0", List.of(FdtProperty.ofStrings("device_type", "cpu"), FdtProperty.ofStrings("compatible",
            "xenolith,x86-64"))))
        .withChild(node("pcie@2000", List.of(FdtProperty.ofStrings("compatible", "xenolith,dw-pcie-ecam", "pci-host-ecam-generic")),
            node("card@0", List.of(FdtProperty.ofStrings("xenolith,card", "0.0"))))));
    Fdt edited = TreeEdits.withoutCards(board);
    assertFalse(edited.node("/ethernet").isPresent());
    assertTrue(edited.node("/pcie@2000").isPresent());
    assertTrue(edited.node("/cpu@0").isPresent());
    assertFalse(edited.node("/pcie@2000/card@0").isPresent());
    assertTrue(edited.node("/uart@1000").isPresent());
  }

  @Test
  void aDisabledNodeIsNotFoundByItsNameEither() {
    Fdt board = tree.withRoot(tree.root().withChild(node("v2m@2000", List.of(
        FdtProperty.ofStrings("compatible", "arm,gic-v2m-frame"),
        FdtProperty.ofCells("phandle", 7)))));
    FdtNode frame = TreeEdits.disabled(board, List.of("/v2m@2000")).node("/v2m@2000").orElseThrow();
    assertFalse(frame.has("compatible"));
    assertEquals("disabled", frame.property("status").orElseThrow().string());
    assertEquals(7, frame.property("phandle").orElseThrow().cell(0));
  }

  @Test
  void chosenIsMadeWhenMissingAndHoldsTheInitrdWithAnExclusiveEnd() {
    Fdt edited = TreeEdits.chosen(tree, new DeviceTreeFacts("console=x",
        Optional.of(new MemoryRange(0x4800_0000L, 0x123)), List.of()));
    FdtNode chosen = edited.node("/chosen").orElseThrow();
    assertEquals("console=x", chosen.property("bootargs").orElseThrow().string());
    assertEquals(0x4800_0000L, chosen.property("linux,initrd-start").orElseThrow().u64());
    assertEquals(0x4800_0123L, chosen.property("linux,initrd-end").orElseThrow().u64());
  }

  @Test
  void modulesAreNodesThatAHypervisorFinds() {
    Fdt edited = TreeEdits.chosen(tree, new DeviceTreeFacts("x", Optional.empty(), List.of(), List.of(
        new DeviceTreeFacts.Module("kernel", new MemoryRange(0x4060_0000L, 0x123), "console=hvc0"),
        new DeviceTreeFacts.Module("ramdisk", new MemoryRange(0x4000_0000L, 5), ""))));
    FdtNode chosen = edited.node("/chosen").orElseThrow();
    assertEquals(2, chosen.property("#address-cells").orElseThrow().cell(0));
    assertEquals(2, chosen.property("#size-cells").orElseThrow().cell(0));
    FdtNode kernel = chosen.child("module@40600000").orElseThrow();
    assertEquals(FdtProperty.ofStrings("compatible", "multiboot,kernel", "multiboot,module"),
        kernel.property("compatible").orElseThrow());
    assertEquals(FdtProperty.ofU64("reg", 0x4060_0000L, 0x123), kernel.property("reg").orElseThrow());
    assertEquals("console=hvc0", kernel.property("bootargs").orElseThrow().string());
    assertFalse(chosen.child("module@40000000").orElseThrow().has("bootargs"));
    assertFalse(TreeEdits.chosen(tree, new DeviceTreeFacts("x", Optional.empty(), List.of())).node("/chosen").orElseThrow()
        .has("#address-cells"));
  }

  @Test
  void aDomainsModulesAreInItsNode() {
    Fdt board = tree.withRoot(tree.root().withChild(node("chosen", List.of(), node("domU1", List.of(
        FdtProperty.ofStrings("compatible", "xen,domain"))))));
    DeviceTreeFacts facts = new DeviceTreeFacts("x", Optional.empty(), List.of(), List.of(
        new DeviceTreeFacts.Module("domU1/kernel", new MemoryRange(0x4060_0000L, 0x123), "")));
    FdtNode domain = TreeEdits.chosen(board, facts).node("/chosen/domU1").orElseThrow();
    assertEquals(FdtProperty.ofStrings("compatible", "multiboot,kernel", "multiboot,module"),
        domain.child("module@40600000").orElseThrow().property("compatible").orElseThrow());
    assertEquals("xen,domain", domain.property("compatible").orElseThrow().string());
    assertEquals(2, domain.property("#address-cells").orElseThrow().cell(0));
    String says = assertThrows(BadInput.class, () -> TreeEdits.chosen(tree, facts)).getMessage();
    assertTrue(says.contains("/chosen/domU1"), says);
  }

  @Test
  void anEarlierInitrdDoesNotOutliveABootWithoutOne() {
    Fdt once = TreeEdits.chosen(tree, new DeviceTreeFacts("a", Optional.of(new MemoryRange(4096, 1)), List.of()));
    Fdt twice = TreeEdits.chosen(once, new DeviceTreeFacts("b", Optional.empty(), List.of()));
    assertFalse(twice.node("/chosen").orElseThrow().has("linux,initrd-start"));
  }
}
