// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

/** True tables have no lie; each lie is named. */
class PcTruthTest {
  private static final TableIdentity MAKER = new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1);
  private static final String IO_APIC = "/ioapic";
  private static final long PORTS = PhysicalBus.PORTS;
  private final Platform platform = new Platform("pc", Fdt.of(FdtBuilder.root().build()), List.of(cpu(0), cpu(1), FakeNode.at("/lapic")
      .compatible(
          "intel,ce4100-lapic").window(0xfee0_0000L, 0x10_0000).build(), FakeNode.at(IO_APIC).compatible("intel,ce4100-ioapic").flag(
              "interrupt-controller").window(0xfec0_0000L, 0x1000).build(), FakeNode.at("/pm").compatible("xenolith,acpi-pm",
                  "acpi-fixed-hardware")
                  .window(PORTS + 0x600, 4).window(PORTS + 0x604, 2).window(PORTS + 0x608, 4).window(PORTS + 0xcf9, 1).interrupt(IO_APIC, 9,
                      2)
                  .build(), FakeNode.at("/serial").compatible("ns16550a").window(PORTS + 0x3f8, 8).interrupt(IO_APIC, 4, 0).build(),
      FakeNode.at(
          "/hpet").compatible("intel,ce4100-hpet").window(0xfed0_0000L, 0x400).interrupt(IO_APIC, 20, 0).build(), FakeNode.at("/pcie")
              .compatible("pci-host-ecam-generic").property(FdtProperty.ofStrings("device_type", "pci")).window(0xb000_0000L,
                  0x1000_0000).build()), Platform.Timing.STANDARD);

  private static PlatformNode cpu(int id) {
    return FakeNode.at("/cpus/cpu@" + id).property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", id).build();
  }

  private static AmlTerm device(String name, String id, List<StructureBuilder> resources) {
    return Aml.device(name, List.of(Aml.name("_HID", Aml.eisaId(id)), DeviceObjects.resources(resources)));
  }

  private static AcpiTable namespace(int port, int interrupt, boolean off, AmlTerm... more) {
    List<AmlTerm> devices = new ArrayList<>(List.of(device("COM0", "PNP0501", List.of(Resource.ports(port, 8), Resource.interrupt(interrupt,
        Resource.EDGE))), device("HPT0", "PNP0103", List.of(Resource.memory(0xfed0_0000L, 0x400)))));
    devices.addAll(List.of(more));
    List<AmlTerm> all = new ArrayList<>(List.of(Aml.scope("\\_SB", devices)));
    if (off) {
      all.add(Aml.name("\\_S5", Aml.pack(Aml.number(5))));
    }
    return Aml.table(Definition.DSDT, 2, MAKER, all);
  }

  private List<AcpiTable> truth() {
    List<AcpiTable> all = new ArrayList<>(AcpiTables.of(platform, new AcpiParts(List.of(new PcFadtBuilder(), new PcMadtBuilder()), Map.of(),
        Map
            .of()), AcpiSetting.of(MAKER)).set().tables());
    all.add(AcpiTable.of(AcpiTable.header(HpetTable.LAYOUT, 1, MAKER).set(HpetTable.Field.BASE_ADDRESS, GenericAddress.words(
        0xfed0_0000L))));
    all.add(AcpiTable.of(AcpiTable.header(Mcfg.LAYOUT, 1, MAKER).add(StructureBuilder.of(Mcfg.ALLOCATION).set(Mcfg.Allocation.BASE_ADDRESS,
        0xb000_0000L))));
    all.add(namespace(0x3f8, 4, true));
    return all;
  }

  private List<String> lies(List<AcpiTable> tables) {
    return PcTruth.lies(platform, new TableSet(tables));
  }

  /** The lies of tables of which one is another; null: it is missing. */
  private List<String> with(String signature, UnaryOperator<AcpiTable> change) {
    List<AcpiTable> all = new ArrayList<>();
    for (AcpiTable each : truth()) {
      AcpiTable now = each.signature().equals(signature) ? change.apply(each) : each;
      if (now != null) {
        all.add(now);
      }
    }
    return lies(all);
  }

  private void lie(String words, List<String> named) {
    assertEquals(1, named.size(), named::toString);
    assertTrue(named.getFirst().contains(words), named::toString);
  }

  private static UnaryOperator<AcpiTable> fadt(UnaryOperator<StructureBuilder> edit) {
    return table -> AcpiTable.of(edit.apply(StructureBuilder.of(table.structure())));
  }

  private static UnaryOperator<AcpiTable> flags(Fadt.Field field, long bits) {
    return table -> AcpiTable.of(StructureBuilder.of(table.structure()).set(field, table.structure().get(field) ^ bits));
  }

  /** A MADT whose entries of a kind are others. */
  private static AcpiTable madt(AcpiTable table, UnaryOperator<List<StructureBuilder>> edit) {
    Structure old = table.structure();
    StructureBuilder made = AcpiTable.header(Madt.LAYOUT, 5, MAKER).set(Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS, old.get(
        Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS));
    edit.apply(new ArrayList<>(old.structures().map(StructureBuilder::of).toList())).forEach(made::add);
    return AcpiTable.of(made);
  }

  @Test
  void trueTablesHaveNone() {
    assertEquals(List.of(), lies(truth()));
  }

  @Test
  void liesOfTheMadtAreNamed() {
    lie("processors: the tables say [0], the machine has [0, 1]", with("APIC", table -> madt(table, all -> {
      all.remove(1);
      return all;
    })));
    lie("processors: the tables say [0, 1, 7]", with("APIC", table -> madt(table, all -> {
      all.add(StructureBuilder.of(MadtApic.LOCAL_APIC).set(MadtApic.LocalApic.APIC_ID, 7).set(MadtApic.LocalApic.FLAGS, 1));
      return all;
    })));
    lie("I/O APICs", with("APIC", table -> madt(table, all -> {
      all.set(2, StructureBuilder.of(MadtApic.IO_APIC).set(MadtApic.IoApic.IO_APIC_ADDRESS, 0xfec1_0000L));
      return all;
    })));
    lie("I/O APICs", with("APIC", table -> madt(table, all -> {
      all.add(StructureBuilder.of(MadtApic.IO_APIC).set(MadtApic.IoApic.IO_APIC_ADDRESS, 0xfec1_0000L).set(
          MadtApic.IoApic.GLOBAL_SYSTEM_INTERRUPT_BASE, 24));
      return all;
    })));
    lie("as ISA has them: the tables say {}, the machine has {9=level high}", with("APIC", table -> madt(table, all -> {
      all.removeLast();
      return all;
    })));
    lie("local APICs", with("APIC", table -> AcpiTable.of(StructureBuilder.of(table.structure()).set(
        Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS, 0xfee1_0000L))));
    lie("8259s", with("APIC", table -> AcpiTable.of(StructureBuilder.of(table.structure()).set(Madt.Field.FLAGS, Madt.PCAT_COMPAT))));
    lie("there is no MADT", with("APIC", table -> null));
  }

  @Test
  void liesOfTheFadtAreNamed() {
    lie("fixed hardware", with("FACP", flags(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI)));
    lie("CMOS clock: the tables say true, the machine has false", with("FACP", flags(Fadt.Field.IAPC_BOOT_ARCH,
        Fadt.CMOS_RTC_NOT_PRESENT)));
    lie("keyboard controller", with("FACP", flags(Fadt.Field.IAPC_BOOT_ARCH, Fadt.KEYBOARD_8042)));
    lie("VGA", with("FACP", flags(Fadt.Field.IAPC_BOOT_ARCH, Fadt.VGA_NOT_PRESENT)));
    lie("power button", with("FACP", flags(Fadt.Field.FLAGS, Fadt.PWR_BUTTON)));
    lie("messages of PCI", with("FACP", flags(Fadt.Field.IAPC_BOOT_ARCH, Fadt.MSI_NOT_SUPPORTED)));
    lie("SCI", with("FACP", fadt(table -> table.set(Fadt.Field.SCI_INT, 10))));
    lie("timer", with("FACP", fadt(table -> table.set(Fadt.Field.X_PM_TMR_BLK, GenericAddress.ports(0x700, 4)))));
    lie("events in the field of 32 bits", with("FACP", fadt(table -> table.set(Fadt.Field.PM1A_EVT_BLK, 0x700))));
    lie("reset register", with("FACP", flags(Fadt.Field.FLAGS, Fadt.RESET_REG_SUP)));
  }

  @Test
  void liesOfOtherTablesAreNamed() {
    lie("HPET", with("HPET", table -> null));
    lie("HPET", with("HPET", fadt(table -> table.set(HpetTable.Field.BASE_ADDRESS, GenericAddress.words(0xfed1_0000L)))));
    lie("MCFG", with("MCFG", table -> null));
    lie("COM0: the namespace says interrupts [3]", with("DSDT", table -> namespace(0x3f8, 3, true)));
    List<String> elsewhere = with("DSDT", table -> namespace(0x2f8, 4, true));
    assertEquals(2, elsewhere.size(), elsewhere::toString);
    assertTrue(elsewhere.getFirst().contains("nothing is at ports 0x2f8") && elsewhere.getLast().contains("/serial: no device"),
        elsewhere::toString);
    lie("it isn't said", with("DSDT", table -> namespace(0x3f8, 4, false)));
    lie("nothing is at ports 0x60", with("DSDT", table -> namespace(0x3f8, 4, true, device("KBD0", "PNP0303", List.of(Resource.ports(0x60,
        1))))));
    lie("another device has its place", with("DSDT", table -> namespace(0x3f8, 4, true, device("COM1", "PNP0501", List.of(Resource.ports(
        0x3f8,
        8), Resource.interrupt(4, Resource.EDGE))))));
  }
}
