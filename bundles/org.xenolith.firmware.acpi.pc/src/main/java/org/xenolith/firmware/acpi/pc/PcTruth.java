// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Holds the tables of a PC against its topology, in both directions: what is there and isn't said, what is said and isn't there. It reads the tables as an operating
 * system does, and shares nothing with their makers.
 */
final class PcTruth {
  private static final String ECAM = "pci-host-ecam-generic";
  private static final String HPET = "intel,ce4100-hpet";
  private static final int ISA_INTERRUPTS = 16;
  private static final int RISING_EDGE = 0;
  private static final int LEVEL_LOW = 1;
  private static final int LEVEL_HIGH = 2;
  private final Platform platform;
  private final TableSet tables;
  private final List<String> lies = new ArrayList<>();

  private PcTruth(Platform platform, TableSet tables) {
    this.platform = platform;
    this.tables = tables;
  }

  /** What tables say wrongly, a sentence each; none: they are true. */
  static List<String> lies(Platform platform, TableSet tables) {
    PcTruth truth = new PcTruth(platform, tables);
    truth.table("APIC").ifPresentOrElse(truth::madt, () -> truth.lies.add("there is no MADT"));
    truth.table("FACP").ifPresentOrElse(truth::fadt, () -> truth.lies.add("there is no FADT"));
    truth.hpet();
    truth.mcfg();
    truth.lies.addAll(NamespaceTruth.lies(platform, tables));
    return List.copyOf(truth.lies);
  }

  private Optional<Structure> table(String signature) {
    return tables.find(signature).map(AcpiTable::structure);
  }

  private List<PlatformNode> nodes(String compatible) {
    return platform.nodes().stream().filter(node -> node.enabled() && node.isCompatible(compatible) && !node.windows().isEmpty()).toList();
  }

  private void same(String what, Object said, Object there) {
    if (!said.equals(there)) {
      lies.add(what + ": the tables say " + said + ", the machine has " + there);
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  // ---- MADT

  private void madt(Structure madt) {
    same("MADT, processors", processors(madt), platform.cpus().stream().filter(PlatformNode::enabled).map(cpu -> cpu.cell("reg", 0))
        .collect(
            Collectors.toCollection(TreeSet::new)));
    same("MADT, address of the local APICs", hex(madt.get(Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS)), ApicNodes.local(platform).map(
        node -> hex(node.windows().getFirst().base())).orElse("none"));
    same("MADT, 8259s", (madt.get(Madt.Field.FLAGS) & Madt.PCAT_COMPAT) != 0, !nodes("chrp,iic").isEmpty());
    Map<Long, String> said = new TreeMap<>();
    madt.all(MadtApic.IO_APIC).forEach(each -> said.put(each.get(MadtApic.IoApic.GLOBAL_SYSTEM_INTERRUPT_BASE), hex(each.get(
        MadtApic.IoApic.IO_APIC_ADDRESS))));
    Map<Long, String> there = new TreeMap<>();
    for (PlatformNode node : ApicNodes.io(platform)) {
      there.put((long) there.size() * ApicNodes.INPUTS, hex(node.windows().getFirst().base()));
    }
    same("MADT, I/O APICs by their first interrupts", said, there);
    same("MADT, interrupts that aren't as ISA has them", overrides(madt), unlikeIsa());
  }

  private static Set<Long> processors(Structure madt) {
    Set<Long> ids = new TreeSet<>();
    madt.all(MadtApic.LOCAL_APIC).stream().filter(each -> (each.get(MadtApic.LocalApic.FLAGS) & Madt.ENABLED) != 0).forEach(each -> ids.add(
        each.get(MadtApic.LocalApic.APIC_ID)));
    madt.all(MadtApic.LOCAL_X2APIC).stream().filter(each -> (each.get(MadtApic.LocalX2apic.FLAGS) & Madt.ENABLED) != 0).forEach(each -> ids
        .add(each.get(MadtApic.LocalX2apic.X2APIC_ID)));
    return ids;
  }

  private static Map<Long, String> overrides(Structure madt) {
    Map<Long, String> found = new TreeMap<>();
    for (Structure each : madt.all(MadtApic.SOURCE_OVERRIDE)) {
      long flags = each.get(MadtApic.SourceOverride.FLAGS);
      found.put(each.get(MadtApic.SourceOverride.GLOBAL_SYSTEM_INTERRUPT), ((flags & MadtApic.LEVEL) == MadtApic.LEVEL ? "level " : "edge ")
          + ((flags & MadtApic.ACTIVE_LOW) == MadtApic.ACTIVE_LOW ? "low" : "high"));
    }
    return found;
  }

  /** From the topology's own cells: input, and trigger. */
  private Map<Long, String> unlikeIsa() {
    Map<Long, String> found = new TreeMap<>();
    String first = ApicNodes.io(platform).stream().findFirst().map(PlatformNode::path).orElse("");
    for (PlatformNode node : platform.nodes()) {
      for (InterruptSpecifier each : node.enabled() ? node.interrupts() : List.<InterruptSpecifier>of()) {
        int[] cells = each.cells();
        if (each.controller().equals(first) && cells.length == 2 && cells[0] < ISA_INTERRUPTS && cells[1] != RISING_EDGE) {
          found.put((long) cells[0], cells[1] == LEVEL_LOW ? "level low" : cells[1] == LEVEL_HIGH ? "level high" : "edge low");
        }
      }
    }
    return found;
  }

  // ---- FADT

  private void fadt(Structure fadt) {
    Optional<PlatformNode> hardware = nodes(PcFadtBuilder.FIXED_HARDWARE).stream().findFirst();
    long flags = fadt.get(Fadt.Field.FLAGS);
    long boot = fadt.get(Fadt.Field.IAPC_BOOT_ARCH);
    same("FADT, fixed hardware", (flags & Fadt.HW_REDUCED_ACPI) == 0, hardware.isPresent());
    same("FADT, CMOS clock", (boot & Fadt.CMOS_RTC_NOT_PRESENT) == 0, !nodes(PcFadtBuilder.CLOCK).isEmpty());
    same("FADT, keyboard controller", (boot & Fadt.KEYBOARD_8042) != 0, !nodes("intel,i8042").isEmpty());
    same("FADT, VGA", (boot & Fadt.VGA_NOT_PRESENT) == 0, false);
    same("FADT, power button", (flags & Fadt.PWR_BUTTON) == 0, false);
    same("FADT, sleep button", (flags & Fadt.SLP_BUTTON) == 0, false);
    same("FADT, messages of PCI functions", (boot & Fadt.MSI_NOT_SUPPORTED) == 0, true);
    hardware.ifPresent(node -> blocks(fadt, node));
  }

  private void blocks(Structure fadt, PlatformNode node) {
    same("FADT, SCI", fadt.get(Fadt.Field.SCI_INT), (long) node.interrupts().getFirst().cells()[0]);
    block(fadt, "events", Fadt.Field.PM1A_EVT_BLK, Fadt.Field.X_PM1A_EVT_BLK, node.windows().get(0));
    block(fadt, "control", Fadt.Field.PM1A_CNT_BLK, Fadt.Field.X_PM1A_CNT_BLK, node.windows().get(1));
    block(fadt, "timer", Fadt.Field.PM_TMR_BLK, Fadt.Field.X_PM_TMR_BLK, node.windows().get(2));
    boolean resets = (fadt.get(Fadt.Field.FLAGS) & Fadt.RESET_REG_SUP) != 0;
    same("FADT, reset register", resets ? port(fadt.address(Fadt.Field.RESET_REG)) : "none", node.windows().size() > 3 ? port(node.windows()
        .get(3)) : "none");
  }

  private void block(Structure fadt, String what, TableField narrow, TableField wide, AddressWindow there) {
    same("FADT, " + what, port(fadt.address(wide)), port(there));
    same("FADT, " + what + " in the field of 32 bits", "port " + hex(fadt.get(narrow)), port(there));
  }

  private static String port(GenericAddress address) {
    return (address.space() == GenericAddress.PORTS ? "port " : "memory ") + hex(address.address());
  }

  private static String port(AddressWindow window) {
    return window.ports() ? "port " + hex(window.port()) : "memory " + hex(window.base());
  }

  // ---- HPET, MCFG

  private void hpet() {
    same("HPET", table("HPET").map(each -> hex(each.address(HpetTable.Field.BASE_ADDRESS).address())).orElse("none"), nodes(HPET).stream()
        .findFirst().map(node -> hex(node.windows().getFirst().base())).orElse("none"));
  }

  private void mcfg() {
    Set<String> said = table("MCFG").stream().flatMap(each -> each.all(Mcfg.ALLOCATION).stream()).map(each -> hex(each.get(
        Mcfg.Allocation.BASE_ADDRESS))).collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = nodes(ECAM).stream().map(node -> hex(node.windows().getFirst().base())).collect(Collectors.toCollection(
        TreeSet::new));
    same("MCFG, configuration spaces", said, there);
  }
}
