// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** What a tree says of RAM, and what it must be read as. */
class TreeMemoryTest {
  private static FdtNode node(String name, FdtProperty... properties) {
    return new FdtNode(name, List.of(properties), List.of());
  }

  private static Fdt tree(FdtNode... nodes) {
    return Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), List.of(
        nodes)));
  }

  private static FdtNode cpu(int number, String method, byte... release) {
    return node("cpu@" + number, FdtProperty.ofStrings("enable-method", method), new FdtProperty("cpu-release-addr", release));
  }

  @Test
  void spinTablesAreKeptFromEverybody() {
    byte[] release = {0, 0, 0, 1, 0, 0, (byte) 0xFF, (byte) 0xF8};
    FdtNode cpus = node("cpus").withChild(cpu(0, "spin-table", release)).withChild(cpu(1, "spin-table", release)).withChild(cpu(2, "psci",
        release)).withChild(cpu(3, "spin-table", (byte) 1)).withChild(node("cpu@4"));
    assertEquals(List.of(new TreeMemory.Piece(0x1_0000_F000L, 4096)), TreeMemory.reserved(tree(cpus)));
  }

  @Test
  void whatMakesNoSenseIsNothing() {
    FdtProperty kind = FdtProperty.ofStrings("device_type", "memory");
    for (FdtNode memory : List.of(node("memory@0", kind), node("memory@0", kind, new FdtProperty("reg", new byte[7])), node("memory@0",
        kind,
        FdtProperty.ofCells("reg", 1, 2, 3)), node("memory@0", kind, FdtProperty.ofU64("reg", 0, 0)), node("memory@0", new FdtProperty(
            "device_type", new byte[] {1}), FdtProperty.ofU64("reg", 0, 4096)))) {
      assertEquals(List.of(), TreeMemory.ram(tree(memory)), memory::toString);
    }
    Fdt odd = Fdt.of(new FdtNode("", List.of(new FdtProperty("#address-cells", new byte[3]), FdtProperty.ofCells("#size-cells", 9)), List
        .of(
            node("memory@0", kind, FdtProperty.ofU64("reg", 0, 4096)))));
    assertEquals(List.of(), TreeMemory.ram(odd));
  }
}
