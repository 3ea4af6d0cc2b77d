// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.Map;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;

/** A fake hypervisor on a machine whose firmware left QEMU's tables near the end of RAM. */
final class FirmwareBoard {
  static final long TABLES = FakeMachine.RAM + FakeMachine.SIZE - (4L << 20);
  private static final int SYSTEM_TABLE = 0x1000;
  private static final int MAP = 0x2000;
  /** What the SPCR names. */
  private static final String UART = "/pl011@9000000";

  final FakeHypervisor hypervisor;
  private final HostTables host;

  FirmwareBoard(Map<String, String> options) {
    this(options, GoldenHost.tables(TABLES));
  }

  FirmwareBoard(Map<String, String> options, HostTables host) {
    this.host = host;
    hypervisor = new FakeHypervisor(1, options);
    hypervisor.beside(FakeNode.at("/memory@40000000").property(FdtProperty.ofStrings("device_type", "memory")).window(FakeMachine.RAM,
        FakeMachine.SIZE).build());
    hypervisor.beside(FakeNode.at(UART).window(0x0900_0000L, 0x1000).build());
    hypervisor.port(ConsolesPort.class).board(UART);
    hypervisor.port(FrameHeapPort.class).allocateAt(FrameHeap.HYPERVISOR, TABLES >>> 12, GoldenHost.SIZE >>> 12);
    put(host.rsdp());
    put(host.xsdt());
    host.tables().forEach(this::put);
    host.named().forEach(this::put);
    EfiSystemTable system = new EfiSystemTable(2 << 16 | 70, "EDK II", 1).configuration(EfiSystemTable.RUNTIME_PROPERTIES, 1)
        .configuration(EfiSystemTable.ACPI, host.rsdp().address());
    put(TABLES + SYSTEM_TABLE, system.bytes(TABLES + SYSTEM_TABLE, EfiSystemTable.SIZE));
    put(TABLES + MAP, map().bytes());
  }

  private static EfiMemoryMap map() {
    return new EfiMemoryMap().ram(FakeMachine.RAM, FakeMachine.SIZE).claim(EfiMemoryType.ACPI_RECLAIM, TABLES, GoldenHost.SIZE, 0);
  }

  private void put(PlacedTable placed) {
    put(placed.address(), placed.table().bytes());
  }

  void put(long address, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      hypervisor.memory().write8(address + i, bytes[i]);
    }
  }

  /** Turns a bit over. */
  void spoil(long address, int at) {
    hypervisor.memory().write8(address + at, (byte) (hypervisor.memory().read8(address + at) ^ 0x10));
  }

  HostTables host() {
    return host;
  }

  long apic() {
    return host.demand("APIC").address();
  }

  /** Of a domain's image: where the firmware left what. */
  Map<String, String> options() {
    return Map.of(DomainImage.EFI_SYSTEM_TABLE, Long.toHexString(TABLES + SYSTEM_TABLE), DomainImage.EFI_MEMORY_MAP, Long.toHexString(
        TABLES + MAP), DomainImage.EFI_MEMORY_MAP_SIZE, Integer.toHexString(map().length()), DomainImage.EFI_DESCRIPTOR_SIZE, "28");
  }
}
