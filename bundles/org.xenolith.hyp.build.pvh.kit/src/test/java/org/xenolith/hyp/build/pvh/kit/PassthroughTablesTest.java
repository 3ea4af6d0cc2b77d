// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/** Tables of a guest with a root complex are true, and those that leave it out, or have it where it isn't, are refused. */
class PassthroughTablesTest {
  private static final VirtualPci.Bridge BRIDGE = new VirtualPci.Bridge(new AddressWindow(0xE000_0000L, 0x10_0000), new AddressWindow(
      0xC000_0000L, 0x2000_0000), new AddressWindow(0x80_0000_0000L, 0x10_0000_0000L));
  private static final VirtualPci.Bridge ELSEWHERE = new VirtualPci.Bridge(new AddressWindow(0xE800_0000L, 0x10_0000), BRIDGE.memory(),
      BRIDGE
          .prefetchable());
  private static final PvhContainer CONTAINER = PvhContainer.PASSTHROUGH.with(BRIDGE);
  private static final int VCPUS = 2;
  private static final TableIdentity IDENTITY = new TableIdentity("TEST", "TEST", 1, "TEST", 1);

  private static PvhMap map(int vcpus) {
    return PvhMap.of(64 << 20, vcpus, new PvhKernel(List.of(), 0, Optional.empty(), "linux", 0, false)).with(new PvhMap.Range(BRIDGE.ecam()
        .base(), BRIDGE.ecam().size()));
  }

  private static TestMemory memory(PvhContainer container, int vcpus, VirtualPci.Bridge bridge) {
    return TestMemory.of(map(vcpus), PvhTables.of(container, vcpus, map(vcpus), Optional.ofNullable(bridge)));
  }

  private static List<AcpiTable> tables(PvhContainer container, VirtualPci.Bridge bridge) {
    return PlacedTables.of(memory(container, VCPUS, bridge), map(VCPUS).rootPointer()).stream().map(PlacedTable::table).toList();
  }

  private static List<String> lies(PvhContainer container, List<AcpiTable> tables) {
    List<AcpiTable> all = new ArrayList<>(tables);
    all.removeIf(table -> table.signature().equals("XSDT") || table.signature().equals("RSDP"));
    return ContainerCheck.lies(container, VCPUS, new TestMemory().put(0x10_0000, LinkedTables.of(all, IDENTITY, 0x10_0000).bytes()),
        0x10_0000);
  }

  private static void refused(List<String> lies, String what) {
    assertEquals(1, lies.size(), lies::toString);
    assertTrue(lies.getFirst().contains(what), lies::toString);
  }

  @Test
  void theyAreTrueAndSound() {
    for (int vcpus : new int[] {1, 2, 128}) {
      ContainerCheck.demand(CONTAINER, vcpus, memory(CONTAINER, vcpus, BRIDGE), map(vcpus).rootPointer());
    }
    assertEquals(List.of(), MachineCheck.faults(new TableSet(tables(CONTAINER, BRIDGE))));
  }

  @Test
  void configurationSpaceIsNotForRam() {
    assertTrue(map(1).entries().contains(new MemoryEntry(0xE000_0000L, 0x10_0000, MemoryEntry.RESERVED)));
    assertEquals(map(1).entries().size() * 20, map(1).e820().length);
  }

  @Test
  void whatIsLeftOutOrElsewhereIsRefused() {
    List<AcpiTable> all = tables(CONTAINER, BRIDGE);
    refused(lies(CONTAINER, all.stream().filter(table -> !table.signature().equals("MCFG")).toList()), "it names no MCFG");
    refused(lies(CONTAINER, tables(CONTAINER, null)), "it describes no root of PCI");
    List<String> moved = lies(CONTAINER, tables(PvhContainer.PASSTHROUGH.with(ELSEWHERE), ELSEWHERE));
    assertEquals(2, moved.size(), moved::toString);
    assertTrue(moved.getFirst().contains("buses 0 to 0, at 0xe8000000, and there is none"), moved::toString);
  }

  @Test
  void theyLieOfAGuestThatHasNone() {
    List<String> lies = lies(PvhContainer.LAPIC, tables(CONTAINER, BRIDGE));
    assertTrue(lies.stream().anyMatch(lie -> lie.contains("it is a root of PCI (PNP0A08), and there is none")), lies::toString);
    assertTrue(lies.stream().anyMatch(lie -> lie.startsWith("MCFG")), lies::toString);
  }
}
