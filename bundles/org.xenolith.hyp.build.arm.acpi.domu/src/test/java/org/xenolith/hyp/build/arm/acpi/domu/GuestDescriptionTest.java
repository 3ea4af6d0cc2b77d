// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.VirtualGic.GicFacts;
import org.xenolith.hyp.kit.DomUMap;
import org.xenolith.hyp.kit.GuestSeed;
import org.xenolith.hyp.kit.VcpuAffinity;

class GuestDescriptionTest {
  private static final DomainSpec SPEC = new DomainSpec("guest", new UUID(1, 2), 1, 1000, DomainSpec.Kind.DOMU, 31, 256, 0);
  private static final GicFacts GIC = new GicFacts(2, 0x0300_1000, 0x1000, 0x0300_2000, 0x2000, 288);
  private final List<FdtWindow> banks = DomUMap.banks(4L << 30);
  private final GuestTables tables = GuestTables.of(VcpuAffinity.of(1), GIC, DomUMap.ACPI.base());
  private final GuestDescription description = new GuestDescription(tables, DomUMap.ACPI, banks);

  private FdtNode node(String path) {
    Fdt tree = description.tree("console=hvc0", Optional.of(new FdtWindow(0x4800_0000L, 10)), GuestSeed.of(SPEC));
    assertEquals(List.of("chosen", "hypervisor"), tree.root().children().stream().map(FdtNode::name).toList(),
        "Linux takes no tables beside a tree with anything else");
    return tree.node(path).orElseThrow();
  }

  @Test
  void theKernelFindsSystemTableAndMapOfItsMemory() {
    FdtNode uefi = node("/hypervisor/uefi");
    ByteBuffer all = ByteBuffer.wrap(description.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long base = description.place().base();
    int table = (int) (uefi.property("xen,uefi-system-table").orElseThrow().u64() - base);
    assertEquals(0x5453_5953_2049_4249L, all.getLong(table), "IBI SYST");
    int configuration = (int) (all.getLong(table + 112) - base);
    assertEquals(tables.rsdp(), all.getLong(configuration + 16));
    int map = (int) (uefi.property("xen,uefi-mmap-start").orElseThrow().u64() - base);
    assertEquals(3 * 40, uefi.property("xen,uefi-mmap-size").orElseThrow().u32());
    assertEquals(List.of(9, 7, 7), List.of(all.getInt(map), all.getInt(map + 40), all.getInt(map + 80)));
    assertEquals(base, all.getLong(map + 8));
    assertEquals(description.place().size() / 4096, all.getLong(map + 24), "all of it is ACPI reclaim memory");
    assertEquals(banks.getFirst().base(), all.getLong(map + 48));
    assertTrue(all.capacity() <= description.place().size());
    assertEquals(0, description.place().size() % 0x1_0000);
  }

  @Test
  void firmwareFindsTheTablesAsXensToolsSay() {
    FdtNode module = node("/chosen/module@20000000");
    assertEquals(List.of("xen,guest-acpi", "multiboot,module"), module.property("compatible").orElseThrow().strings());
    assertEquals(0x2000_0000L, module.property("reg").orElseThrow().number(0, 2));
    assertEquals(tables.bytes().length, module.property("reg").orElseThrow().number(2, 2));
  }

  @Test
  void theKernelIsToldOfItsFirstRootFileSystemAndOfNoRuntimeServices() {
    FdtNode chosen = node("/chosen");
    assertEquals("console=hvc0 efi=noruntime", chosen.property("bootargs").orElseThrow().string());
    assertEquals(0x4800_000AL, chosen.property("linux,initrd-end").orElseThrow().u64());
    assertEquals(32, chosen.property("rng-seed").orElseThrow().length());
  }
}
