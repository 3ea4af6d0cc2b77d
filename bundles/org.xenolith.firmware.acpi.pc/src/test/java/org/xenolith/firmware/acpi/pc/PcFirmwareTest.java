// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.Xenv;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class PcFirmwareTest {
  private static final TableIdentity MAKER = new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1);
  private static final String IO_APIC = "/ioapic";

  private static PlatformNode cpu(int id) {
    return FakeNode.at("/cpus/cpu@" + id).property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", id).build();
  }

  private static List<PlatformNode> pc(PlatformNode... more) {
    List<PlatformNode> nodes = new ArrayList<>(List.of(cpu(0), FakeNode.at("/lapic").compatible("intel,ce4100-lapic").window(0xfee0_0000L,
        0x10_0000).build(), FakeNode.at(IO_APIC).compatible("intel,ce4100-ioapic").window(0xfec0_0000L, 0x1000).build()));
    nodes.addAll(List.of(more));
    return nodes;
  }

  private static PlatformNode fixedHardware(int windows) {
    FakeNode node = FakeNode.at("/pm").compatible("xenolith,acpi-pm", "acpi-fixed-hardware").interrupt(IO_APIC, 9, 2);
    int[] ports = {0x600, 0x604, 0x608, 0xcf9};
    int[] sizes = {4, 2, 4, 1};
    for (int i = 0; i < windows; i++) {
      node.window(PhysicalBus.PORTS + ports[i], sizes[i]);
    }
    return node.build();
  }

  private static Platform platform(long ram, List<PlatformNode> nodes) {
    List<PlatformNode> all = new ArrayList<>(nodes);
    all.add(FakeNode.at("/memory").property(FdtProperty.ofStrings("device_type", "memory")).window(ram, 64 << 20).build());
    return new Platform("pc", Fdt.of(FdtBuilder.root().build()), all, Platform.Timing.STANDARD);
  }

  private static TableSet tables(Platform platform) {
    return AcpiTables.of(platform, new AcpiParts(List.of(new PcFadtBuilder(), new PcMadtBuilder()), Map.of(), Map.of()), AcpiSetting.of(
        MAKER))
        .set();
  }

  private static Structure table(String signature, PlatformNode... more) {
    return tables(platform(0, pc(more))).find(signature).orElseThrow().structure();
  }

  @Test
  void tablesAreFoundFromTheBeginningOfTheBiosArea() {
    Platform platform = platform(0, pc(fixedHardware(4)));
    PcTables placed = PcTables.of(platform, tables(platform), MAKER, platform.source());
    assertEquals(OptionalLong.of(0xe_0000), placed.rootPointer());
    byte[] memory = new byte[0x10_0000];
    placed.load((address, bytes, offset, length) -> System.arraycopy(bytes, offset, memory, (int) address, length), null);
    for (PlacedTable each : placed.tables().tables()) {
      byte[] there = java.util.Arrays.copyOfRange(memory, (int) each.address(), (int) each.address() + each.table().length());
      assertTrue(AcpiTable.read(there).checksumIsRight(), each.table().signature());
    }
    PlacedTable facs = placed.tables().tables().stream().filter(each -> each.table().signature().equals("FACS")).findFirst().orElseThrow();
    assertEquals(0, facs.address() % 64);
    Structure fadt = placed.tables().tables().stream().filter(each -> each.table().signature().equals("FACP")).findFirst().orElseThrow()
        .table()
        .structure();
    assertEquals(facs.address(), fadt.get(Fadt.Field.X_FIRMWARE_CTRL));
    assertTrue(placed.reserved().getFirst().base() <= 0xe_0000 && placed.reserved().getFirst().end() >= 0xe_0000 + placed.tables()
        .length());
  }

  @Test
  void thereIsNoFacsWithoutFixedHardware() {
    Platform platform = platform(0, pc());
    PcTables placed = PcTables.of(platform, tables(platform), MAKER, platform.source());
    assertFalse(placed.tables().tables().stream().anyMatch(each -> each.table().signature().equals("FACS")));
    assertEquals(Fadt.HW_REDUCED_ACPI, table("FACP").get(Fadt.Field.FLAGS) & Fadt.HW_REDUCED_ACPI);
  }

  @Test
  void tablesThatFindNoRoomAreRefused() {
    Platform elsewhere = platform(0x4000_0000L, pc());
    assertTrue(assertThrows(PlatformException.class, () -> PcTables.of(elsewhere, tables(elsewhere), MAKER, elsewhere.source()))
        .getMessage()
        .contains("let memory begin at 0"));
    Platform platform = platform(0, pc());
    List<AcpiTable> many = new ArrayList<>(tables(platform).tables());
    for (int i = 0; i < 3000; i++) {
      many.add(AcpiTable.of(AcpiTable.header(Xenv.LAYOUT, 1, MAKER)));
    }
    assertTrue(assertThrows(PlatformException.class, () -> PcTables.of(platform, new TableSet(many), MAKER, platform.source())).getMessage()
        .contains("131072"));
  }

  @Test
  void aMachineWithoutResetRegisterSaysSo() {
    assertEquals(0, table("FACP", fixedHardware(3)).get(Fadt.Field.FLAGS) & Fadt.RESET_REG_SUP);
    assertEquals(Fadt.RESET_REG_SUP, table("FACP", fixedHardware(4)).get(Fadt.Field.FLAGS) & Fadt.RESET_REG_SUP);
    assertThrows(PlatformException.class, () -> table("FACP", fixedHardware(2)));
  }

  @Test
  void aClockThatIsNotThereIsNotLookedFor() {
    PlatformNode clock = FakeNode.at("/rtc").compatible("motorola,mc146818").window(PhysicalBus.PORTS + 0x70, 2).build();
    assertEquals(Fadt.CMOS_RTC_NOT_PRESENT, table("FACP").get(Fadt.Field.IAPC_BOOT_ARCH) & Fadt.CMOS_RTC_NOT_PRESENT);
    assertEquals(0, table("FACP", clock).get(Fadt.Field.IAPC_BOOT_ARCH) & Fadt.CMOS_RTC_NOT_PRESENT);
    assertEquals(0x32, table("FACP", clock).get(Fadt.Field.CENTURY));
  }

  @Test
  void highIdsAreThoseOfX2apics() {
    Structure madt = table("APIC", cpu(254), cpu(255));
    assertEquals(List.of(0L, 254L), madt.all(MadtApic.LOCAL_APIC).stream().map(each -> each.get(MadtApic.LocalApic.APIC_ID)).toList());
    assertEquals(255, madt.all(MadtApic.LOCAL_X2APIC).getFirst().get(MadtApic.LocalX2apic.X2APIC_ID));
  }

  @Test
  void interruptsThatAreNotAsIsaHasThemAreOverridden() {
    PlatformNode level = FakeNode.at("/a").compatible("acme,a").interrupt(IO_APIC, 5, 1).interrupt(IO_APIC, 6, 0).interrupt(IO_APIC, 20, 1)
        .build();
    Structure madt = table("APIC", level);
    assertEquals(1, madt.all(MadtApic.SOURCE_OVERRIDE).size());
    Structure override = madt.all(MadtApic.SOURCE_OVERRIDE).getFirst();
    assertEquals(5, override.get(MadtApic.SourceOverride.SOURCE));
    assertEquals(MadtApic.LEVEL | MadtApic.ACTIVE_LOW, override.get(MadtApic.SourceOverride.FLAGS));
  }

  @Test
  void machinesWithoutLocalApicsAreLeftToOthers() {
    Platform arm = platform(0, List.of(cpu(0), FakeNode.at("/gic").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000).build()));
    assertEquals(List.of(), tables(arm).tables());
  }
}
