// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FdtInterpretationTest {
  private final List<String> faults = new ArrayList<>();
  private final FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2)
      .cells("interrupt-parent", 1);

  private FdtIndex index() {
    return Fdt.of(root.build()).index();
  }

  private List<FdtWindow> windows(String path) {
    FdtIndex index = index();
    return new FdtAddresses(index, this::fault).windows(index.node(path).orElseThrow());
  }

  private List<String> interrupts(String path) {
    FdtIndex index = index();
    return new FdtInterrupts(index, this::fault).of(index.node(path).orElseThrow()).stream()
        .map(r -> r.provider().name() + java.util.Arrays.toString(r.cells())).toList();
  }

  private void fault(String path, String what, String remedy) {
    assertTrue(!remedy.isBlank());
    faults.add(path + ": " + what);
  }

  private FdtBuilder controller(String name, int phandle, int cells) {
    return root.child(name).cells("phandle", phandle).cells("#interrupt-cells", cells).flag("interrupt-controller");
  }

  @Test
  void regAtTheRootIsACpuAddress() {
    root.child("a").u64("reg", 0x900_0000, 0x1000, 0x8_0000_0000L, 0);
    assertEquals(List.of(new FdtWindow(0x900_0000, 0x1000), new FdtWindow(0x8_0000_0000L, 0)), windows("/a"));
  }

  @Test
  void nestedRangesTranslateAndEmptyOnesPassThrough() {
    FdtBuilder outer = root.child("outer").cells("#address-cells", 1).cells("#size-cells", 1)
        .cells("ranges", 0x1000, 1, 0x2000_0000, 0x1000, 0x8000, 2, 0, 0x100);
    FdtBuilder inner = outer.child("inner").cells("#address-cells", 1).cells("#size-cells", 1).flag("ranges");
    inner.child("d").cells("reg", 0x1010, 0x20, 0x8000, 0x100);
    assertEquals(List.of(new FdtWindow(0x1_2000_0010L, 0x20), new FdtWindow(0x2_0000_0000L, 0x100)),
        windows("/outer/inner/d"));
    assertEquals(List.of(), faults);
  }

  @Test
  void anEntryOutsideTheRangesEndsTheListWithAFault() {
    FdtBuilder bus = root.child("bus").cells("#address-cells", 1).cells("#size-cells", 1)
        .cells("ranges", 0, 0, 0x1000_0000, 0x1000);
    bus.child("d").cells("reg", 0x0, 0x10, 0xff8, 0x10, 0x20, 0x10);
    assertEquals(List.of(new FdtWindow(0x1000_0000, 0x10)), windows("/bus/d"));
    assertEquals(List.of("/bus/d: no ranges of its buses cover reg entry 1, 0xff8"), faults);
  }

  @Test
  void regThatIsNoMemoryAddressGivesNoWindow() {
    root.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0).child("cpu@0").cells("reg", 0);
    root.child("i2c").child("rtc").cells("reg", 0, 0, 1);
    root.child("pci").cells("#address-cells", 3).cells("#size-cells", 2).flag("ranges").child("fn")
        .cells("reg", 0, 0, 0, 0, 0);
    for (String path : List.of("/cpus/cpu@0", "/i2c/rtc", "/pci/fn", "/cpus", "/")) {
      assertEquals(List.of(), windows(path), path);
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void regOfOddLengthOrWrappingIsAFault() {
    root.child("odd").cells("reg", 0, 1, 2);
    root.child("wrap").u64("reg", -0x1000, 0x2000);
    assertEquals(List.of(), windows("/odd"));
    assertEquals(List.of(), windows("/wrap"));
    assertEquals(2, faults.size());
  }

  @Test
  void interruptsGoToTheNearestInterruptParent() {
    controller("gic", 1, 3);
    controller("gpio", 2, 2).cells("interrupts", 0, 9, 4);
    root.child("a").cells("interrupts", 0, 1, 4, 0, 2, 4).child("b").cells("interrupts", 1, 13, 8);
    root.child("c").cells("interrupt-parent", 2).child("d").cells("interrupts", 5, 1);
    root.child("e").cells("interrupts-extended", 2, 6, 1, 1, 0, 7, 4).cells("interrupts", 99);
    assertEquals(List.of("gic[0, 1, 4]", "gic[0, 2, 4]"), interrupts("/a"));
    assertEquals(List.of("gic[1, 13, 8]"), interrupts("/a/b"));
    assertEquals(List.of("gpio[5, 1]"), interrupts("/c/d"));
    assertEquals(List.of("gpio[6, 1]", "gic[0, 7, 4]"), interrupts("/e"));
    assertEquals(List.of("gic[0, 9, 4]"), interrupts("/gpio"));
    assertEquals(List.of(), faults);
  }

  @Test
  void anInterruptMapLeadsToTheController() {
    controller("gic", 1, 3).cells("#address-cells", 1);
    FdtBuilder bus = root.child("bus").cells("#interrupt-cells", 1).cells("#address-cells", 2)
        .cells("interrupt-map-mask", 0, 0, 63)
        .cells("interrupt-map", 0, 0, 4, 1, 0x77, 0, 68, 4, 0, 0, 5, 1, 0x77, 0, 69, 4);
    bus.child("d").cells("interrupts", 5).cells("reg", 9, 9, 1);
    bus.child("lost").cells("interrupts", 6);
    assertEquals(List.of("gic[0, 69, 4]"), interrupts("/bus/d"));
    assertEquals(List.of(), faults);
    assertEquals(List.of(), interrupts("/bus/lost"));
    assertEquals(List.of("/bus/lost: no row of the interrupt-map of /bus fits [6]"), faults);
  }

  @Test
  void circlesAndDanglingParentsAreFaults() {
    root.child("x").cells("phandle", 1).cells("#interrupt-cells", 1).cells("interrupt-parent", 2);
    root.child("y").cells("phandle", 2).cells("#interrupt-cells", 1).cells("interrupt-parent", 1);
    root.child("a").cells("interrupts", 1);
    root.child("b").cells("interrupts", 1).cells("interrupt-parent", 77);
    root.child("c").cells("interrupts", 1).cells("interrupt-parent", 0x50);
    root.child("loop").cells("phandle", 0x50).cells("interrupt-parent", 0x50);
    for (String path : List.of("/a", "/b", "/c")) {
      faults.clear();
      assertEquals(List.of(), interrupts(path), path);
      assertTrue(!faults.isEmpty(), path);
    }
  }

  @Test
  void referencesAndMapsCarryTheirCells() {
    root.child("clk").cells("phandle", 7).cells("#clock-cells", 1);
    root.child("smmu").cells("phandle", 8).cells("#iommu-cells", 1);
    root.child("d").cells("clocks", 7, 3, 7, 4).cells("iommu-map", 0, 8, 0x100, 0x1_0000).cells("iommus", 9, 1)
        .cells("short", 7, 1, 7).cells("odd-map", 1, 2, 3);
    FdtIndex index = index();
    FdtNode d = index.node("/d").orElseThrow();
    FdtReferences references = new FdtReferences(index, this::fault);
    List<FdtReference> clocks = references.of(d, "clocks", "#clock-cells");
    assertEquals(2, clocks.size());
    assertArrayEquals(new int[] {4}, clocks.get(1).cells());
    assertEquals("clk", clocks.get(1).provider().name());
    assertEquals(List.of(new FdtReferences.MapEntry(0, index.byPhandle(8).orElseThrow(), 0x100, 0x1_0000)),
        references.map(d, "iommu-map"));
    assertEquals(List.of(), faults);
    assertEquals(List.of(), references.of(d, "iommus", "#iommu-cells"));
    assertEquals(1, references.of(d, "short", "#clock-cells").size());
    assertEquals(List.of(), references.map(d, "odd-map"));
    assertEquals(List.of(), references.of(d, "clocks", "#none-cells"));
    assertEquals(4, faults.size(), faults.toString());
  }
}
