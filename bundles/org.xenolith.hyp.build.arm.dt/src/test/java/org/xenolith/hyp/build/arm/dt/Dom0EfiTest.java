// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainSpec.Kind;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeMachine;

/** What the hardware domain by device tree is told of the machine's EFI firmware (Linux, drivers/firmware/efi/fdtparams.c). */
class Dom0EfiTest {
  private static final String ROLE = "build.arm.dt";
  private static final long MIB = 1L << 20;

  private FakeDomain dom0(Board board) {
    board.hypervisor.install(ROLE, new DomainBuildersComponent());
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), 1, 1 << 20, Kind.DOM0, 16, 256, 0);
    return (FakeDomain) board.hypervisor.port(DomainBuildersPort.class).build(Dom0Builder.NAME, 0, spec,
        new DomainImage(SmallKernel.file(0, 5 * MIB), new byte[0], "console=hvc0", 44 * MIB, Map.of()));
  }

  private static Fdt tree(FakeDomain domain) {
    return FdtReader.read(read(domain, domain.vcpu(0).x(0), 16 << 10).array());
  }

  private static ByteBuffer read(FakeDomain domain, long address, int length) {
    byte[] bytes = new byte[length];
    assertTrue(domain.memory().read(address, bytes, 0, length), Long.toHexString(address));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static FdtNode efi(FakeDomain domain) {
    return tree(domain).node("/hypervisor/uefi").orElseThrow();
  }

  @Test
  void theMemoryMapHasAllOfItsRamAndThePagesThatTell() {
    Board board = Board.withEfi(Map.of());
    assertTrue(board.hypervisor.port(FrameHeapPort.class).allocateAt(FrameHeap.HYPERVISOR, FakeMachine.RAM + 36 * MIB >>> 12, 1));
    FakeDomain dom0 = dom0(board);
    FdtNode node = efi(dom0);
    assertEquals(List.of("xen,uefi-system-table", "xen,uefi-mmap-start", "xen,uefi-mmap-size", "xen,uefi-mmap-desc-size",
        "xen,uefi-mmap-desc-ver"), node.properties().stream().map(FdtProperty::name).toList());
    int size = (int) node.property("xen,uefi-mmap-size").orElseThrow().number();
    assertEquals("28 1", Long.toHexString(node.property("xen,uefi-mmap-desc-size").orElseThrow().number()) + " "
        + node.property("xen,uefi-mmap-desc-ver").orElseThrow().number());
    ByteBuffer map = read(dom0, node.property("xen,uefi-mmap-start").orElseThrow().u64(), size);
    FdtProperty reg = tree(dom0).root().children().getLast().property("reg").orElseThrow();
    int banks = reg.cellCount() / 4;
    assertTrue(banks > 1, "one bank shows little");
    assertEquals((banks + 1) * 40, size);
    long systemTable = node.property("xen,uefi-system-table").orElseThrow().u64();
    int ram = 0;
    for (int at = 0; at < size; at += 40) {
      long base = map.getLong(at + 8);
      long bytes = map.getLong(at + 24) * 4096;
      assertEquals(8, map.getLong(at + 32), "write-back");
      if (map.getInt(at) == 7) {
        assertEquals(reg.number(ram * 4, 2), base);
        assertEquals(reg.number(ram * 4 + 2, 2), bytes);
        ram++;
      } else {
        assertEquals(9, map.getInt(at));
        assertTrue(base <= systemTable && systemTable < base + bytes, "Linux keeps what is in memory of tables");
        assertEquals(0, base % (64 << 10), "for kernels of all granules");
      }
    }
    assertEquals(banks, ram);
  }

  @Test
  void theSystemTableNamesTheServicesThatHaveAHypercall() {
    FakeDomain dom0 = dom0(Board.withEfi(Map.of()));
    ByteBuffer system = read(dom0, efi(dom0).property("xen,uefi-system-table").orElseThrow().u64(), EfiSystemTable.SIZE);
    assertEquals("IBI SYST", new String(Arrays.copyOf(system.array(), 8), StandardCharsets.US_ASCII));
    assertEquals(2 << 16 | 50, system.getInt(8));
    assertEquals(0, system.getLong(88), "the pointer of the runtime services is nobody's to call");
    assertEquals(1, system.getLong(104), "without any configuration table Linux complains");
    ByteBuffer entry = read(dom0, system.getLong(112), EfiSystemTable.ENTRY);
    assertEquals(ByteBuffer.wrap(EfiSystemTable.guid(EfiSystemTable.RUNTIME_PROPERTIES)), entry.slice(0, 16));
    ByteBuffer properties = read(dom0, entry.getLong(16), 8);
    assertEquals("1 8 3a7f", properties.getShort(0) + " " + properties.getShort(2) + " " + Integer.toHexString(properties.getInt(4)));
  }

  @Test
  void grantFramesBeginBehindThosePages() {
    FakeDomain dom0 = dom0(Board.withEfi(Map.of()));
    FdtNode hypervisor = tree(dom0).node("/hypervisor").orElseThrow();
    long systemTable = efi(dom0).property("xen,uefi-system-table").orElseThrow().u64();
    assertEquals((systemTable & -MIB) + (64 << 10), hypervisor.property("reg").orElseThrow().number(0, 2));
  }

  /** As in the tree that a Xen 4.17 gave which EFI had started. */
  @Test
  void withStrictXenAndWithoutFirmwareNothingIsSaidOfEfi() {
    Fdt strict = tree(dom0(Board.withEfi(Map.of("strict-xen", "true"))));
    assertTrue(strict.node("/hypervisor").isPresent());
    assertFalse(strict.node("/hypervisor/uefi").isPresent());
    assertEquals(tree(dom0(new Board())), strict);
  }

  @Test
  void itsMemoryIsFreeAgainWithTheDomain() {
    Board board = Board.withEfi(Map.of());
    long free = board.hypervisor.port(FrameHeapPort.class).free();
    board.hypervisor.destroy(dom0(board));
    assertEquals(free, board.hypervisor.port(FrameHeapPort.class).free());
  }
}
