// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.hyp.build.pvh.kit.PvhContainer.Configuration;
import org.xenolith.hyp.build.pvh.kit.PvhContainer.Device;
import org.xenolith.hyp.build.pvh.kit.PvhContainer.IoApic;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.pvh.codec.PvhKernel;

/** Each lie once: tables of a guest with two virtual CPUs, true but for one thing. */
class ContainerCheckTest {
  private static final int VCPUS = 2;
  private static final PvhMap MAP = PvhMap.of(64 << 20, VCPUS, new PvhKernel(List.of(), 0, Optional.empty()));
  private static final TableIdentity IDENTITY = new TableIdentity("TEST", "TEST", 1, "TEST", 1);
  /** As the hardware domain's. */
  private static final PvhContainer WITH_PCI = new PvhContainer("hardware", EmulationFlags.LAPIC | EmulationFlags.IOAPIC
      | EmulationFlags.VPCI, List.of(
          new IoApic(0, 0xFEC0_0000L, 0)), List.of(new Configuration(0xB000_0000L, 0, 0, 255)), Set.of(Device.RTC));

  private static List<AcpiTable> tables(PvhContainer container) {
    List<AcpiTable> all = new ArrayList<>(PlacedTables.of(TestMemory.of(MAP, PvhTables.of(container, VCPUS, MAP)), MAP.rootPointer())
        .stream()
        .map(PlacedTable::table).filter(table -> !Set.of("RSDP", "XSDT").contains(table.signature())).toList());
    return all;
  }

  private static List<String> lies(PvhContainer container, List<AcpiTable> tables) {
    LinkedTables linked = LinkedTables.of(tables, IDENTITY, 0x10_0000);
    return ContainerCheck.lies(container, VCPUS, new TestMemory().put(0x10_0000, linked.bytes()), 0x10_0000);
  }

  private static List<AcpiTable> with(List<AcpiTable> tables, String signature, UnaryOperator<StructureBuilder> change) {
    return tables.stream().map(table -> table.signature().equals(signature) ? AcpiTable.of(change.apply(StructureBuilder.of(table
        .structure()))) : table)
        .toList();
  }

  private static List<AcpiTable> without(List<AcpiTable> tables, String signature) {
    return tables.stream().filter(table -> !table.signature().equals(signature)).toList();
  }

  private static AcpiTable find(List<AcpiTable> tables, String signature) {
    return tables.stream().filter(table -> table.signature().equals(signature)).findFirst().orElseThrow();
  }

  private static List<AcpiTable> and(List<AcpiTable> tables, AcpiTable more) {
    List<AcpiTable> all = new ArrayList<>(tables);
    all.add(more);
    return all;
  }

  private static AcpiTable of(org.xenolith.acpi.codec.StructureLayout layout, UnaryOperator<StructureBuilder> change) {
    return AcpiTable.of(change.apply(AcpiTable.header(layout, 1, IDENTITY)));
  }

  private static AcpiTable dsdt(String... ids) {
    List<AmlTerm> devices = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      devices.add(Aml.device("D%03X".formatted(i), List.of(Aml.name("_HID", ids[i].startsWith("PNP") ? Aml.eisaId(ids[i]) : Aml.text(
          ids[i])), Aml
              .name("_UID", Aml.number(i)))));
    }
    return Aml.table(Definition.DSDT, 2, IDENTITY, List.of(Aml.scope("\\_SB", devices)));
  }

  private static StructureBuilder boot(StructureBuilder fadt, long value) {
    return fadt.set(Fadt.Field.IAPC_BOOT_ARCH, value);
  }

  private static StructureBuilder apic(int uid, int id) {
    return StructureBuilder.of(MadtApic.LOCAL_APIC).set(MadtApic.LocalApic.ACPI_PROCESSOR_UID, uid).set(MadtApic.LocalApic.APIC_ID, id).set(
        MadtApic.LocalApic.FLAGS, Madt.ENABLED);
  }

  private static AcpiTable mcfg(long base) {
    return of(Mcfg.LAYOUT, table -> table.add(StructureBuilder.of(Mcfg.ALLOCATION).set(Mcfg.Allocation.BASE_ADDRESS, base).set(
        Mcfg.Allocation.END_BUS, 255)));
  }

  private static StructureBuilder io(StructureBuilder madt, long address) {
    return madt.add(StructureBuilder.of(MadtApic.IO_APIC).set(MadtApic.IoApic.IO_APIC_ADDRESS, address));
  }

  /** The tables that the hardware domain of the test should have. */
  private static List<AcpiTable> hardware() {
    List<AcpiTable> all = with(tables(PvhContainer.LAPIC), "APIC", madt -> io(madt, 0xFEC0_0000L));
    all = with(all, "FACP", fadt -> boot(fadt, Fadt.VGA_NOT_PRESENT));
    return and(and(without(all, "DSDT"), dsdt("ACPI0007", "ACPI0007", "PNP0A08", "PNP0B00")), mcfg(0xB000_0000L));
  }

  @Test
  void truthsAreTaken() {
    assertEquals(List.of(), lies(PvhContainer.LAPIC, tables(PvhContainer.LAPIC)));
    assertEquals(List.of(), lies(PvhContainer.MINIMAL, tables(PvhContainer.MINIMAL)));
    assertEquals(List.of(), lies(WITH_PCI, hardware()));
    for (PvhContainer container : List.of(PvhContainer.LAPIC, PvhContainer.MINIMAL)) {
      for (int vcpus : new int[] {1, 9, 10, 128}) {
        PvhMap map = PvhMap.of(64 << 20, vcpus, new PvhKernel(List.of(), 0, Optional.empty(), "linux", 0, false));
        ContainerCheck.demand(container, vcpus, TestMemory.of(map, PvhTables.of(container, vcpus, map)), map.rootPointer());
      }
    }
  }

  private record Lie(String name, PvhContainer container, List<AcpiTable> tables, String told) {}

  private static Stream<Lie> all() {
    List<AcpiTable> lapic = tables(PvhContainer.LAPIC);
    List<AcpiTable> minimal = tables(PvhContainer.MINIMAL);
    long right = Fadt.VGA_NOT_PRESENT | Fadt.CMOS_RTC_NOT_PRESENT;
    return Stream.of(
        new Lie("no MADT", PvhContainer.LAPIC, without(lapic, "APIC"), "XSDT: it names no APIC"),
        new Lie("a MADT without local APICs", PvhContainer.LAPIC, and(without(lapic, "APIC"), of(Madt.LAYOUT, madt -> madt)),
            "its 0 enabled local APICs have the ids [], and those of the virtual CPUs are [0, 2]"),
        new Lie("a MADT in a minimal container", PvhContainer.MINIMAL, and(minimal, of(Madt.LAYOUT, madt -> madt)),
            "it tells of local APICs"),
        new Lie("one local APIC too many", PvhContainer.LAPIC, with(lapic, "APIC", madt -> madt.add(apic(2, 4))), "ids [0, 2, 4]"),
        new Lie("other ids", PvhContainer.LAPIC, and(without(lapic, "APIC"), of(Madt.LAYOUT, madt -> madt.add(apic(0, 0)).add(apic(1, 1)))),
            "ids [0, 1]"),
        new Lie("other UIDs", PvhContainer.LAPIC, and(without(lapic, "APIC"), of(Madt.LAYOUT, madt -> madt.add(apic(0, 0)).add(apic(7,
            2)))),
            "UIDs [0, 7], and those of the DSDT [0, 1]"),
        new Lie("an I/O APIC", PvhContainer.LAPIC, with(lapic, "APIC", madt -> io(madt, 0xFEC0_0000L)), "the I/O APIC 0 at 0xfec00000"),
        new Lie("an I/O APIC elsewhere", WITH_PCI, with(hardware(), "APIC", madt -> io(madt, 0xFEC0_1000L)), "at 0xfec01000"),
        new Lie("an I/O APIC missing", WITH_PCI, and(without(hardware(), "APIC"), find(lapic, "APIC")), "isn't in it; write an entry"),
        new Lie("an override", PvhContainer.LAPIC, with(lapic, "APIC", madt -> madt.add(StructureBuilder.of(MadtApic.SOURCE_OVERRIDE))),
            "which input of an I/O APIC an ISA interrupt has"),
        new Lie("8259As, as Xen's MADT has them", PvhContainer.LAPIC, with(lapic, "APIC", madt -> madt.set(Madt.Field.FLAGS,
            Madt.PCAT_COMPAT)),
            "PCAT_COMPAT (bit 0) says that there are 8259As"),
        new Lie("no FADT", PvhContainer.LAPIC, and(without(without(lapic, "FACP"), "DSDT"), dsdt("ACPI0007", "ACPI0007")),
            "XSDT: it names no FACP"),
        new Lie("hardware-reduced", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> fadt.set(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI)),
            "HW_REDUCED_ACPI (bit 20)"),
        new Lie("a keyboard controller", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> boot(fadt, right | Fadt.KEYBOARD_8042)),
            "8042 (bit 1)"),
        new Lie("devices of ISA", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> boot(fadt, right | Fadt.LEGACY_DEVICES)),
            "LEGACY_DEVICES (bit 0)"),
        new Lie("a VGA", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> boot(fadt, Fadt.CMOS_RTC_NOT_PRESENT)), "VGA_NOT_PRESENT (bit 2)"),
        new Lie("an RTC", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> boot(fadt, Fadt.VGA_NOT_PRESENT)),
            "CMOS_RTC_NOT_PRESENT (bit 5)"),
        new Lie("no RTC where there is one", WITH_PCI, with(hardware(), "FACP", fadt -> boot(fadt, right)),
            "CMOS_RTC_NOT_PRESENT (bit 5) of IAPC_BOOT_ARCH is set"),
        new Lie("an old FADT", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> fadt.set(org.xenolith.acpi.codec.TableHeader.REVISION, 4)),
            "a table of revision 4 can't say"),
        new Lie("messages without local APICs", PvhContainer.MINIMAL, with(minimal, "FACP", fadt -> boot(fadt, right)),
            "MSI_NOT_SUPPORTED (bit 3)"),
        new Lie("no messages with PCI", WITH_PCI, with(hardware(), "FACP", fadt -> boot(fadt, Fadt.VGA_NOT_PRESENT
            | Fadt.MSI_NOT_SUPPORTED)),
            "MSI_NOT_SUPPORTED (bit 3) of IAPC_BOOT_ARCH is set"),
        new Lie("a timer of power management", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> fadt.set(Fadt.Field.PM_TMR_BLK, 0xB008)),
            "it names a power management timer"),
        new Lie("that timer by the wide field", PvhContainer.LAPIC, with(lapic, "FACP", fadt -> fadt.set(Fadt.Field.X_PM_TMR_BLK,
            GenericAddress.ports(0xB008,
                4))), "it names a power management timer"),
        new Lie("one processor too few", PvhContainer.LAPIC, and(without(lapic, "DSDT"), dsdt("ACPI0007")),
            "it describes 1 processors, and the domain has 2"),
        new Lie("a processor twice", PvhContainer.MINIMAL, and(without(minimal, "DSDT"), Aml.table(Definition.DSDT, 2, IDENTITY, List.of(Aml
            .scope("\\_SB",
                Stream.of("A000", "A001").map(name -> Aml.device(name, List.of(Aml.name("_HID", Aml.text("ACPI0007")), Aml.name("_UID", Aml
                    .number(1))))).toList())))),
            "2 processors have 1 different _UIDs"),
        new Lie("a root of PCI", PvhContainer.LAPIC, and(without(lapic, "DSDT"), dsdt("ACPI0007", "ACPI0007", "PNP0A08")),
            "it is a root of PCI (PNP0A08)"),
        new Lie("no root of PCI", WITH_PCI, and(without(hardware(), "DSDT"), dsdt("ACPI0007", "ACPI0007")), "it describes no root of PCI"),
        new Lie("a clock of a PC", PvhContainer.LAPIC, and(without(lapic, "DSDT"), dsdt("ACPI0007", "ACPI0007", "PNP0B00")),
            "it is RTC (PNP0B00)"),
        new Lie("a keyboard", PvhContainer.LAPIC, and(without(lapic, "DSDT"), dsdt("ACPI0007", "ACPI0007", "PNP0303")),
            "it is KEYBOARD_CONTROLLER (PNP0303)"),
        new Lie("configuration space", PvhContainer.LAPIC, and(lapic, mcfg(0xB000_0000L)), "it tells of configuration space of segment 0"),
        new Lie("configuration space elsewhere", WITH_PCI, and(without(hardware(), "MCFG"), mcfg(0xC000_0000L)),
            "at 0xb0000000 isn't in it"),
        new Lie("no MCFG", WITH_PCI, without(hardware(), "MCFG"), "XSDT: it names no MCFG"),
        new Lie("an HPET", PvhContainer.LAPIC, and(lapic, of(HpetTable.LAYOUT, hpet -> hpet)), "it names an HPET"),
        new Lie("an IOMMU", PvhContainer.LAPIC, and(lapic, AcpiTable.read(named("DMAR"))), "it tells of an IOMMU"));
  }

  private static byte[] named(String signature) {
    byte[] bytes = of(HpetTable.LAYOUT, table -> table).bytes();
    for (int i = 0; i < 4; i++) {
      bytes[9] += (byte) (bytes[i] - signature.charAt(i));
      bytes[i] = (byte) signature.charAt(i);
    }
    return bytes;
  }

  @TestFactory
  Stream<DynamicTest> eachLieIsSeenWithPlaceAndRemedy() {
    return all().map(lie -> DynamicTest.dynamicTest(lie.name, () -> {
      List<String> lies = lies(lie.container, lie.tables);
      assertTrue(lies.stream().anyMatch(told -> told.contains(lie.told)), () -> lie.told + " in " + lies);
      assertTrue(lies.stream().allMatch(told -> told.contains("; ") && (told.contains(", offset 0x") || told.startsWith("DSDT") || told
          .startsWith("XSDT"))),
          lies::toString);
      assertEquals(1, lies.size() - (lie.name.equals("configuration space elsewhere") ? 1 : 0), lies::toString);
    }));
  }

  @Test
  void whatCantBeFoundIsSaid() {
    assertTrue(ContainerCheck.lies(PvhContainer.LAPIC, 1, new TestMemory(), 0x1000).getFirst().contains("offset 0x0"));
    TestMemory cut = TestMemory.of(MAP, PvhTables.of(PvhContainer.LAPIC, VCPUS, MAP)).put(PvhMap.TABLES, new byte[64]);
    assertTrue(ContainerCheck.lies(PvhContainer.LAPIC, VCPUS, cut, MAP.rootPointer()).getFirst().startsWith(
        "XSDT, offset 0x0: at 0xfc001000 there is none"));
  }

  @Test
  void aLieIsARefusalThatNamesTheContainer() {
    String told = assertThrows(IllegalArgumentException.class, () -> ContainerCheck.demand(PvhContainer.MINIMAL, VCPUS, TestMemory.of(MAP,
        PvhTables.of(
            PvhContainer.LAPIC, VCPUS, MAP)), MAP.rootPointer())).getMessage();
    assertTrue(told.startsWith("its ACPI tables aren't true of the container minimal:\n  "), told);
    assertTrue(told.contains("APIC at 0xfc0"), told);
  }
}
