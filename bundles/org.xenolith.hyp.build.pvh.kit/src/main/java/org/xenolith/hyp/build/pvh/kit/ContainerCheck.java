// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableCheck;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlOpcode;
import org.xenolith.hyp.build.pvh.kit.PvhContainer.Device;
import org.xenolith.pvh.codec.StartInfo;

/**
 * Whether the tables of a PVH domain say what is true of its container: devices that they name are there, and those that are there and only tables can tell of are named
 * (xen-devel, "HVMlite ABI specification", February 2016: the data in the MADT represent the container provided).
 */
public final class ContainerCheck {
  private static final String PROCESSOR = "ACPI0007";
  private static final Set<String> ROOTS = Set.of("PNP0A03", "PNP0A08");
  /** Tables that name hardware which no container has (ACPI 6.5, table 5.6), each with what that is. */
  private static final Map<String, String> ABSENT = Map.of("DMAR", "an IOMMU", "IVRS", "an IOMMU", "DBGP", "a debug port", "SRAT",
      "nodes of memory",
      "GTDT", "Arm's timers", "IORT", "Arm's IOMMU", "WDAT", "a watchdog");
  /** Since which revision the FADT can say that there is no RTC, and no VGA (Linux, arch/x86/kernel/acpi/boot.c, heeds them so). */
  private static final int SAYS_NO_RTC = 5;

  private final PvhContainer container;
  private final int vcpus;
  private final Map<AcpiTable, Long> places = new HashMap<>();
  private final List<String> lies = new ArrayList<>();

  private ContainerCheck(PvhContainer container, int vcpus) {
    this.container = container;
    this.vcpus = vcpus;
  }

  /**
   * What isn't true, each with its place and a remedy; empty if all is.
   *
   * @param vcpus       virtual CPUs
   * @param memory      the domain's
   * @param rootPointer where the RSDP is said to be
   */
  public static List<String> lies(PvhContainer container, int vcpus, StartInfo.Memory memory, long rootPointer) {
    ContainerCheck check = new ContainerCheck(container, vcpus);
    try {
      check.all(PlacedTables.of(memory, rootPointer));
    } catch (AcpiException e) {
      check.lies.add(e.getMessage());
    }
    return List.copyOf(check.lies);
  }

  /**
   * Refuses a domain whose tables lie.
   *
   * @throws IllegalArgumentException with all that isn't true, a line each
   */
  public static void demand(PvhContainer container, int vcpus, StartInfo.Memory memory, long rootPointer) {
    List<String> lies = lies(container, vcpus, memory, rootPointer);
    if (!lies.isEmpty()) {
      throw new IllegalArgumentException("its ACPI tables aren't true of the container " + container.name() + ":\n  " + String.join("\n  ",
          lies));
    }
  }

  private void all(List<PlacedTable> placed) {
    placed.forEach(each -> places.put(each.table(), each.address()));
    List<AcpiTable> tables = placed.stream().map(PlacedTable::table).toList();
    for (AcpiTable table : tables) {
      TableCheck.faults(table).stream().filter(fault -> !fault.message().contains("unknown here"))
          .forEach(fault -> add(table, fault.offset(), fault.message()));
    }
    TableSet set = new TableSet(tables);
    set.find("FACP").ifPresentOrElse(this::fixed, () -> lies.add("XSDT: it names no FACP, and no kernel takes that; add one"));
    // The FADT names the DSDT.
    Set<Long> described = set.find("FACP").isPresent() ? namespace(set) : Set.of();
    set.find("APIC").ifPresentOrElse(madt -> processors(madt, described), () -> {
      if (container.hasLocalApics()) {
        lies.add("XSDT: it names no APIC, and virtual CPUs have local APICs; add a MADT with " + vcpus + " of them");
      }
    });
    set.find("MCFG").ifPresentOrElse(this::configuration, () -> {
      if (!container.configurations().isEmpty()) {
        lies.add("XSDT: it names no MCFG, and configuration space has " + container.configurations().size() + " windows; add one");
      }
    });
    set.find("HPET").ifPresent(hpet -> {
      if (!container.has(Device.HPET)) {
        add(hpet, HpetTable.Field.BASE_ADDRESS, "it names an HPET, and there is none; leave the table out");
      }
    });
    for (AcpiTable table : tables) {
      String what = ABSENT.get(table.signature());
      if (what != null) {
        add(table, 0, "it tells of " + what + ", and there is none; leave the table out");
      }
    }
  }

  // ---- FADT

  private void fixed(AcpiTable table) {
    Structure fadt = table.structure();
    long revision = fadt.get(TableHeader.REVISION);
    long flags = fadt.get(Fadt.Field.FLAGS, 0);
    if ((flags & Fadt.HW_REDUCED_ACPI) != 0) {
      add(table, Fadt.Field.FLAGS,
          "HW_REDUCED_ACPI (bit 20) is set, and the domain isn't of that kind: it has no sleep registers and no firmware by EFI; clear it");
    }
    boot(table, Fadt.LEGACY_DEVICES, "LEGACY_DEVICES (bit 0)", container.has(Device.KEYBOARD_CONTROLLER));
    boot(table, Fadt.KEYBOARD_8042, "8042 (bit 1)", container.has(Device.KEYBOARD_CONTROLLER));
    boot(table, Fadt.VGA_NOT_PRESENT, "VGA_NOT_PRESENT (bit 2)", !container.has(Device.VGA));
    if (revision < SAYS_NO_RTC && !container.has(Device.RTC)) {
      add(table, TableHeader.REVISION.spec().offset(), "a table of revision " + revision
          + " can't say that there is no CMOS RTC; write revision 5 or later");
    }
    boot(table, Fadt.CMOS_RTC_NOT_PRESENT, "CMOS_RTC_NOT_PRESENT (bit 5)", !container.has(Device.RTC));
    if (!container.hasLocalApics()) {
      boot(table, Fadt.MSI_NOT_SUPPORTED, "MSI_NOT_SUPPORTED (bit 3)", true);
    } else if (container.hasPci()) {
      boot(table, Fadt.MSI_NOT_SUPPORTED, "MSI_NOT_SUPPORTED (bit 3)", false);
    }
    if ((fadt.get(Fadt.Field.PM_TMR_BLK, 0) != 0 || fadt.has(Fadt.Field.X_PM_TMR_BLK) && fadt.address(Fadt.Field.X_PM_TMR_BLK).address()
        != 0)
        && !container.has(Device.PM_TIMER)) {
      add(table, Fadt.Field.PM_TMR_BLK, "it names a power management timer, and there is none; clear it and its length");
    }
  }

  private void boot(AcpiTable fadt, long bit, String name, boolean set) {
    if ((fadt.structure().get(Fadt.Field.IAPC_BOOT_ARCH, 0) & bit) != 0 != set) {
      add(fadt, Fadt.Field.IAPC_BOOT_ARCH, name + " of IAPC_BOOT_ARCH is " + (set ? "clear" : "set") + ", and it isn't so; " + (set ? "set"
          : "clear") + " it");
    }
  }

  // ---- DSDT and SSDTs

  /** What processors have as their {@code _UID}. */
  private Set<Long> namespace(TableSet set) {
    AmlNamespace names = AmlNamespace.of(set.definitions());
    Set<Long> uids = new HashSet<>();
    int processors = 0;
    boolean root = false;
    for (AmlName device : names.devices()) {
      String id = names.id(device, "_HID").orElse("");
      if (id.equals(PROCESSOR)) {
        processors++;
        names.number(device, "_UID").ifPresent(uids::add);
      } else if (ROOTS.contains(id)) {
        root = true;
        if (!container.hasPci()) {
          lies.add("DSDT, " + device + ": it is a root of PCI (" + id + "), and there is none; leave it out");
        }
      } else {
        for (Device absent : Device.values()) {
          if (!absent.id().isEmpty() && id.equals(absent.id()) && !container.has(absent)) {
            lies.add("DSDT, " + device + ": it is " + absent + " (" + id + "), and there is none; leave it out");
          }
        }
      }
    }
    long older = names.paths().stream().filter(path -> names.find(path).filter(object -> object.opcode() == AmlOpcode.PROCESSOR)
        .isPresent()).count();
    if (processors + older != vcpus) {
      lies.add("DSDT: it describes " + (processors + older) + " processors, and the domain has " + vcpus
          + " virtual CPUs; describe each once");
      uids.clear();
    } else if (older == 0 && uids.size() != vcpus) {
      lies.add("DSDT: its " + vcpus + " processors have " + uids.size() + " different _UIDs; give each one of its own");
    }
    if (container.hasPci() && !root) {
      lies.add("DSDT: it describes no root of PCI, and there is one; describe it");
    }
    return older == 0 ? uids : Set.of();
  }

  // ---- MADT

  private void processors(AcpiTable table, Set<Long> described) {
    Structure madt = table.structure();
    if (!container.hasLocalApics()) {
      add(table, 0, "it tells of local APICs, and virtual CPUs have none; leave the table out");
      return;
    }
    if ((madt.get(Madt.Field.FLAGS) & Madt.PCAT_COMPAT) != 0 && !container.has(Device.PIC)) {
      add(table, Madt.Field.FLAGS, "PCAT_COMPAT (bit 0) says that there are 8259As, and there are none; clear it");
    }
    Set<Long> ids = new HashSet<>();
    Set<Long> uids = new HashSet<>();
    local(madt, MadtApic.LOCAL_APIC, MadtApic.LocalApic.FLAGS, MadtApic.LocalApic.APIC_ID, MadtApic.LocalApic.ACPI_PROCESSOR_UID, ids,
        uids);
    local(madt, MadtApic.LOCAL_X2APIC, MadtApic.LocalX2apic.FLAGS, MadtApic.LocalX2apic.X2APIC_ID, MadtApic.LocalX2apic.ACPI_PROCESSOR_UID,
        ids, uids);
    Set<Long> expected = new HashSet<>();
    for (long i = 0; i < vcpus; i++) {
      expected.add(2 * i);
    }
    if (!ids.equals(expected)) {
      add(table, 0, "its " + ids.size() + " enabled local APICs have the ids " + sorted(ids) + ", and those of the virtual CPUs are "
          + sorted(expected)
          + "; write an entry for each");
    } else if (!described.isEmpty() && !uids.equals(described)) {
      add(table, 0, "its processors have the UIDs " + sorted(uids) + ", and those of the DSDT " + sorted(described)
          + "; give both the same");
    }
    io(table);
  }

  private static void local(Structure madt, StructureLayout kind, TableField flags, TableField id, TableField uid, Set<Long> ids, Set<
      Long> uids) {
    for (Structure each : madt.all(kind)) {
      if ((each.get(flags) & Madt.ENABLED) != 0) {
        ids.add(each.get(id));
        uids.add(each.get(uid));
      }
    }
  }

  private void io(AcpiTable table) {
    Structure madt = table.structure();
    List<PvhContainer.IoApic> missing = new ArrayList<>(container.ioApics());
    for (Structure each : madt.all(MadtApic.IO_APIC)) {
      PvhContainer.IoApic told = new PvhContainer.IoApic((int) each.get(MadtApic.IoApic.IO_APIC_ID), each.get(
          MadtApic.IoApic.IO_APIC_ADDRESS),
          each.get(MadtApic.IoApic.GLOBAL_SYSTEM_INTERRUPT_BASE));
      if (!missing.remove(told)) {
        add(table, each.offset(),
            "it tells of the I/O APIC %d at 0x%x with inputs from %d on, and there is no such one; leave the entry out"
                .formatted(told.id(), told.address(), told.first()));
      }
    }
    missing.forEach(absent -> add(table, 0, "the I/O APIC %d at 0x%x isn't in it; write an entry".formatted(absent.id(), absent
        .address())));
    if (container.ioApics().isEmpty()) {
      madt.all(MadtApic.SOURCE_OVERRIDE).forEach(each -> add(table, each.offset(),
          "it says which input of an I/O APIC an ISA interrupt has, and there is none; leave the entry out"));
    }
  }

  private static String sorted(Set<Long> numbers) {
    return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  // ---- MCFG

  private void configuration(AcpiTable mcfg) {
    List<PvhContainer.Configuration> missing = new ArrayList<>(container.configurations());
    for (Structure each : mcfg.structure().all(Mcfg.ALLOCATION)) {
      PvhContainer.Configuration told = new PvhContainer.Configuration(each.get(Mcfg.Allocation.BASE_ADDRESS), (int) each.get(
          Mcfg.Allocation.SEGMENT), (int) each.get(Mcfg.Allocation.START_BUS), (int) each.get(Mcfg.Allocation.END_BUS));
      if (!missing.remove(told)) {
        add(mcfg, each.offset(), "it tells of configuration space of segment %d, buses %d to %d, at 0x%x, and there is none; leave it out"
            .formatted(told.segment(), told.firstBus(), told.lastBus(), told.address()));
      }
    }
    missing.forEach(absent -> add(mcfg, 0, "configuration space of segment %d at 0x%x isn't in it; write it".formatted(absent.segment(),
        absent.address())));
  }

  private void add(AcpiTable table, TableField field, String what) {
    add(table, field.spec().offset(), what);
  }

  private void add(AcpiTable table, int offset, String what) {
    lies.add("%s at 0x%x, offset 0x%x: %s".formatted(table.signature(), places.getOrDefault(table, 0L), offset, what));
  }
}
