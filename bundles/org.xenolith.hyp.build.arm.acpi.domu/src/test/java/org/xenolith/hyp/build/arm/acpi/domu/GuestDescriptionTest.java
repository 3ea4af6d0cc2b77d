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
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.DomUMap;
import org.xenolith.hyp.arm.kit.GuestSeed;
import org.xenolith.hyp.arm.kit.GuestTables;
import org.xenolith.hyp.arm.kit.VcpuAffinity;

class GuestDescriptionTest {
  private static final DomainSpec SPEC = new DomainSpec("guest", new UUID(1, 2), 1, 1000, DomainSpec.Kind.DOMU, 31, 256, 0);
  private static final GicFacts GIC = new GicFacts(2, 0x0300_1000, 0x1000, 0x0300_2000, 0x2000, 288);
  private final List<FdtWindow> banks = DomUMap.banks(4L << 30);
  private final GuestTables tables = GuestTables.of(VcpuAffinity.of(1), GIC, DomUMap.ACPI.base());
  private static final int SUPPORTED = 0x3FFF & ~0x180C;
  private final GuestDescription without = describe(0, "");
  private final GuestDescription with = describe(SUPPORTED, "console=hvc0");

  private GuestDescription describe(int supported, String arguments) {
    return new GuestDescription(tables, DomUMap.ACPI, banks, supported, arguments);
  }

  private static FdtNode node(GuestDescription description, String path) {
    Fdt tree = description.tree("console=hvc0", Optional.of(new FdtWindow(0x4800_0000L, 10)), GuestSeed.of(SPEC));
    assertEquals(List.of("chosen", "hypervisor"), tree.root().children().stream().map(FdtNode::name).toList(),
        "Linux takes no tables beside a tree with anything else");
    return tree.node(path).orElseThrow();
  }

  @Test
  void theKernelFindsSystemTableAndMapOfItsMemory() {
    FdtNode uefi = node(without, "/hypervisor/uefi");
    ByteBuffer all = ByteBuffer.wrap(without.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long base = without.place().base();
    int table = (int) (uefi.property("xen,uefi-system-table").orElseThrow().u64() - base);
    assertEquals(0x5453_5953_2049_4249L, all.getLong(table), "IBI SYST");
    int configuration = (int) (all.getLong(table + 112) - base);
    assertEquals(tables.rsdp(), all.getLong(configuration + 16));
    int map = (int) (uefi.property("xen,uefi-mmap-start").orElseThrow().u64() - base);
    assertEquals(3 * 40, uefi.property("xen,uefi-mmap-size").orElseThrow().u32());
    assertEquals(List.of(9, 7, 7), List.of(all.getInt(map), all.getInt(map + 40), all.getInt(map + 80)));
    assertEquals(base, all.getLong(map + 8));
    assertEquals(without.place().size() / 4096, all.getLong(map + 24), "all of it is ACPI reclaim memory");
    assertEquals(banks.getFirst().base(), all.getLong(map + 48));
    assertTrue(all.capacity() <= without.place().size());
    assertEquals(0, without.place().size() % 0x1_0000);
  }

  @Test
  void firmwareFindsTheTablesAsXensToolsSay() {
    FdtNode module = node(without, "/chosen/module@20000000");
    assertEquals(List.of("xen,guest-acpi", "multiboot,module"), module.property("compatible").orElseThrow().strings());
    assertEquals(0x2000_0000L, module.property("reg").orElseThrow().number(0, 2));
    assertEquals(tables.bytes().length, module.property("reg").orElseThrow().number(2, 2));
  }

  @Test
  void theKernelIsToldOfItsFirstRootFileSystemAndOfNoRuntimeServices() {
    FdtNode chosen = node(without, "/chosen");
    assertEquals("console=hvc0 efi=noruntime", chosen.property("bootargs").orElseThrow().string());
    assertEquals(0x4800_000AL, chosen.property("linux,initrd-end").orElseThrow().u64());
    assertEquals(32, chosen.property("rng-seed").orElseThrow().length());
  }

  /** What Linux calls directly: it is told in the words of a board, for a node {@code uefi} means hypercalls (arch/arm/xen/enlighten.c). */
  @Test
  void runtimeServicesAreCodeWithRightsOfItsOwnThatIsMapped() {
    FdtNode chosen = node(with, "/chosen");
    assertEquals("console=hvc0", chosen.property("bootargs").orElseThrow().string());
    assertTrue(node(with, "/hypervisor").children().isEmpty());
    ByteBuffer all = ByteBuffer.wrap(with.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long base = with.place().base();
    RuntimeMemory memory = with.services().orElseThrow();
    assertTrue(memory.mapped());
    long code = memory.ranges().getFirst().base();
    assertEquals(chosen.property("linux,uefi-system-table").orElseThrow().u64(), memory.systemTable());
    int map = (int) (chosen.property("linux,uefi-mmap-start").orElseThrow().u64() - base);
    assertEquals(5 * 40, chosen.property("linux,uefi-mmap-size").orElseThrow().u32());
    assertEquals(List.of(9, 5, 6, 7, 7), List.of(all.getInt(map), all.getInt(map + 40), all.getInt(map + 80), all.getInt(map + 120), all
        .getInt(map + 160)));
    assertEquals(code, all.getLong(map + 48));
    assertEquals(0, code % 0x1_0000);
    assertEquals(with.place().base() + with.place().size(), code + 0x2_0000);
    int table = (int) (memory.systemTable() - base);
    long mapped = all.getLong(map + 80 + 16) + (memory.runtimeServices() - memory.systemTable());
    assertEquals(mapped, all.getLong(table + 88), "the pointer to EFI_RUNTIME_SERVICES is virtual");
    int services = (int) (memory.runtimeServices() - base);
    assertEquals(all.getLong(map + 40 + 16), all.getLong(services + 24), "GetTime");
    assertEquals(0xD400_0002, all.getInt((int) (code - base) + 16), "hvc #0");
    assertEquals(3, all.getLong(table + 104), "ACPI, properties, attributes of memory");
  }

  @Test
  void aKernelThatMapsNothingFindsPhysicalAddresses() {
    GuestDescription description = describe(SUPPORTED, "console=hvc0 efi=novamap");
    RuntimeMemory memory = description.services().orElseThrow();
    ByteBuffer all = ByteBuffer.wrap(description.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(memory.runtimeServices(), all.getLong((int) (memory.systemTable() - description.place().base()) + 88));
    assertEquals(Optional.empty(), without.services());
  }
}
