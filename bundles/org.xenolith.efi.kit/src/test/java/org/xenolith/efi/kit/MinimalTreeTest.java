// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtReader;

/** The tree beside ACPI is the one that Xen makes. */
class MinimalTreeTest {
  @Test
  void aDomainsTreeIsThatOfXen() throws IOException {
    Fdt golden = FdtReader.read(MinimalTreeTest.class.getResourceAsStream("dom0-acpi.dtb").readAllBytes());
    Fdt ours = new MinimalTree("console=hvc0 earlycon=xenboot xl.dump", OptionalLong.of(0x68200000), OptionalLong.of(0x682f10e6),
        new EfiPlaces(0x7c2f1270, 0x7c2f1308, 3 * EfiMemoryMap.DESCRIPTOR_SIZE)).domain("4.17");
    assertEquals(golden, ours);
  }

  @Test
  void onBareMetalAllIsInChosen() {
    FdtNode root = new MinimalTree("quiet", OptionalLong.empty(), OptionalLong.empty(), new EfiPlaces(1, 2, 40)).bare().root();
    assertEquals(List.of("chosen"), root.children().stream().map(FdtNode::name).toList());
    assertEquals(List.of("bootargs", "linux,uefi-system-table", "linux,uefi-mmap-start", "linux,uefi-mmap-size",
        "linux,uefi-mmap-desc-size", "linux,uefi-mmap-desc-ver", "linux,uefi-secure-boot"), root.children().getFirst().properties().stream()
            .map(property -> property.name()).toList());
  }
}
