// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Pptt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableCheck;
import org.xenolith.acpi.codec.TableFault;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.TableSet;

/** Looks whether the tables of one Arm machine fit each other. */
public final class MachineCheck {
  private static final String PROCESSOR = "ACPI0007";

  private final TableSet set;
  private final List<TableFault> faults = new ArrayList<>();

  private MachineCheck(TableSet set) {
    this.set = set;
  }

  /** The faults of each table by itself, and of those of a machine with one another. */
  public static List<TableFault> faults(TableSet set) {
    MachineCheck check = new MachineCheck(set);
    set.tables().forEach(table -> check.faults.addAll(TableCheck.faults(table)));
    Optional<AmlNamespace> namespace = check.namespace();
    check.look("APIC", madt -> check.processors(madt, namespace));
    check.look("FACP", check::fixed);
    check.look("IORT", check::remapping);
    check.look("MCFG", check::configuration);
    check.look("PPTT", check::topology);
    return List.copyOf(check.faults);
  }

  /** What a table is too short for is a fault of it, too. */
  private void look(String signature, Consumer<Structure> check) {
    try {
      set.find(signature).map(AcpiTable::structure).ifPresent(check);
    } catch (AcpiException e) {
      add(e);
    }
  }

  private Optional<AmlNamespace> namespace() {
    try {
      return set.find("DSDT").isPresent() ? Optional.of(AmlNamespace.of(set.definitions())) : Optional.empty();
    } catch (AcpiException e) {
      add(e);
      return Optional.empty();
    }
  }

  private void fixed(Structure fadt) {
    boolean arm = set.find("APIC").filter(madt -> !madt.structure().all(Madt.GICC).isEmpty()).isPresent();
    if (arm && (fadt.get(Fadt.Field.FLAGS, 0) & Fadt.HW_REDUCED_ACPI) == 0) {
      add("FACP", Fadt.Field.FLAGS.spec().offset(), "HW_REDUCED_ACPI (bit 20) is clear, and no kernel for Arm takes that; set it");
    }
    if (arm && !fadt.has(Fadt.Field.ARM_BOOT_ARCH)) {
      add("FACP", 0, "it ends before ARM_BOOT_ARCH, so that nobody learns of PSCI; write revision 5.1 or later");
    }
  }

  private void processors(Structure madt, Optional<AmlNamespace> namespace) {
    distinct(madt, Madt.GICC, Madt.Gicc.ACPI_PROCESSOR_UID);
    distinct(madt, Madt.GICC, Madt.Gicc.MPIDR);
    distinct(madt, Madt.ITS, Madt.Its.GIC_ITS_ID);
    if (!madt.all(Madt.GICC).isEmpty() && madt.all(Madt.GICD).size() != 1) {
      add("APIC", 0, "it has " + madt.all(Madt.GICD).size() + " distributors; a machine has one");
    }
    if (namespace.isEmpty()) {
      return;
    }
    Set<Long> described = namespace.get().devices().stream()
        .filter(device -> namespace.get().id(device, "_HID").filter(PROCESSOR::equals).isPresent())
        .flatMap(device -> namespace.get().number(device, "_UID").stream()).collect(Collectors.toSet());
    for (Structure gicc : madt.all(Madt.GICC)) {
      if (!described.isEmpty() && !described.contains(gicc.get(Madt.Gicc.ACPI_PROCESSOR_UID))) {
        add("APIC", gicc.offset(), "no device " + PROCESSOR + " of the namespace has the _UID "
            + gicc.get(Madt.Gicc.ACPI_PROCESSOR_UID) + "; describe the processor in the DSDT");
      }
    }
  }

  private void distinct(Structure in, StructureLayout kind, TableField field) {
    Set<Long> seen = new HashSet<>();
    for (Structure each : in.all(kind)) {
      if (!seen.add(each.get(field))) {
        add(in.layout().name(), each.offset() + field.spec().offset(), "a second " + kind + " has the " + field.name() + " 0x"
            + Long.toHexString(each.get(field)) + "; give it one of its own");
      }
    }
  }

  private void remapping(Structure iort) {
    Set<Long> nodes = iort.structures().map(node -> (long) node.offset()).collect(Collectors.toSet());
    Optional<AcpiTable> madt = set.find("APIC");
    iort.structures().forEach(node -> {
      for (Structure mapping : node.all(Iort.MAPPING)) {
        if (!nodes.contains(mapping.get(Iort.Mapping.OUTPUT_REFERENCE))) {
          add("IORT", mapping.offset() + Iort.Mapping.OUTPUT_REFERENCE.spec().offset(), "no node is at offset 0x"
              + Long.toHexString(mapping.get(Iort.Mapping.OUTPUT_REFERENCE)) + ", where an ID mapping leads; name one");
        }
      }
      for (Structure its : node.all(Iort.ITS_ID)) {
        long id = its.get(Iort.ItsId.GIC_ITS_ID);
        if (madt.isPresent() && madt.get().structure().all(Madt.ITS).stream().noneMatch(entry -> entry.get(
            Madt.Its.GIC_ITS_ID) == id)) {
          // QEMU writes the table for boards without an ITS, too; kernels say nothing of it.
          add("IORT", its.offset(), "the MADT has no ITS with the id " + id + "; leave the group out or describe the ITS");
        }
      }
    });
  }

  private void configuration(Structure mcfg) {
    List<Structure> all = mcfg.all(Mcfg.ALLOCATION);
    for (int i = 0; i < all.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (all.get(i).get(Mcfg.Allocation.SEGMENT) == all.get(k).get(Mcfg.Allocation.SEGMENT)
            && all.get(i).get(Mcfg.Allocation.START_BUS) <= all.get(k).get(Mcfg.Allocation.END_BUS)
            && all.get(k).get(Mcfg.Allocation.START_BUS) <= all.get(i).get(Mcfg.Allocation.END_BUS)) {
          add("MCFG", all.get(i).offset(), "its buses are those of another range of segment "
              + all.get(i).get(Mcfg.Allocation.SEGMENT) + ", too; part them");
        }
      }
    }
  }

  private void topology(Structure pptt) {
    Set<Long> nodes = pptt.all(Pptt.PROCESSOR).stream().map(node -> (long) node.offset()).collect(Collectors.toSet());
    nodes.add(0L);
    for (Structure node : pptt.all(Pptt.PROCESSOR)) {
      if (!nodes.contains(node.get(Pptt.Processor.PARENT))) {
        add("PPTT", node.offset() + Pptt.Processor.PARENT.spec().offset(), "no processor node is at offset 0x"
            + Long.toHexString(node.get(Pptt.Processor.PARENT)) + ", where the parent should be; name one");
      }
    }
  }

  private void add(AcpiException e) {
    faults.add(new TableFault(e.table(), (int) e.offset(), e.what() + "; " + e.remedy()));
  }

  private void add(String table, int offset, String message) {
    faults.add(new TableFault(table, offset, message));
  }
}
