// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.List;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.platform.api.AddressWindow;

/**
 * The MADT of the hardware domain: the machine's distributor and CPU interface for each virtual CPU, nothing of the virtualization
 * interfaces and of what the hypervisor keeps. Order and fields as Xen 4.17 gives them, which gives no message frames.
 */
final class Dom0Madt {
  private static final List<TableField> NOT_THE_DOMAINS = List.of(Madt.Gicc.PARKING_PROTOCOL_VERSION, Madt.Gicc.PARKED_ADDRESS,
      Madt.Gicc.PERFORMANCE_INTERRUPT_GSIV, Madt.Gicc.GICV, Madt.Gicc.GICH, Madt.Gicc.GICR_BASE_ADDRESS,
      Madt.Gicc.VGIC_MAINTENANCE_INTERRUPT);

  private Dom0Madt() {}

  /**
   * Makes it.
   *
   * @param host       the machine's MADT
   * @param gic        what the domain sees
   * @param affinities of its virtual CPUs, in order
   * @param its        registers of the domain's virtual ITS, if it has one
   * @param frames     what the domain has of the machine's message frames
   * @throws AcpiException if the machine's MADT has no distributor or no CPU interface
   */
  static AcpiTable of(AcpiTable host, GicFacts gic, List<Integer> affinities, Optional<AddressWindow> its, List<V2mFrame> frames) {
    StructureBuilder made = StructureBuilder.of(Madt.LAYOUT);
    Structure madt = host.structure();
    Madt.LAYOUT.fields().forEach(field -> made.set(field, madt.bytes(field)));
    made.add(StructureBuilder.of(first(madt, Madt.GICD.toString(), madt.all(Madt.GICD)))
        .set(Madt.Gicd.BASE_ADDRESS, gic.distributor()));
    Structure processor = first(madt, Madt.GICC.toString(), madt.all(Madt.GICC));
    for (int i = 0; i < affinities.size(); i++) {
      StructureBuilder gicc = StructureBuilder.of(processor);
      NOT_THE_DOMAINS.stream().filter(processor::has).forEach(field -> gicc.set(field, 0));
      gicc.set(Madt.Gicc.CPU_INTERFACE_NUMBER, i).set(Madt.Gicc.ACPI_PROCESSOR_UID, i).set(Madt.Gicc.FLAGS, Madt.ENABLED)
          .set(Madt.Gicc.MPIDR, affinities.get(i));
      if (gic.version() == 2) {
        gicc.set(Madt.Gicc.BASE_ADDRESS, gic.second());
      }
      made.add(gicc);
    }
    madt.all(Madt.MSI_FRAME).forEach(entry -> frames.stream().filter(frame -> frame.base() == entry.get(Madt.MsiFrame.BASE_ADDRESS))
        .findFirst().ifPresent(frame -> made.add(frame(entry, frame))));
    if (gic.version() == 3) {
      made.add(StructureBuilder.of(Madt.GICR).set(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS, gic.second())
          .set(Madt.Gicr.DISCOVERY_RANGE_LENGTH, gic.secondSize()));
    }
    its.ifPresent(registers -> made.add(its(madt.all(Madt.ITS), registers)));
    return AcpiTable.of(made);
  }

  /** The machine's with the interrupts that the domain has of it. */
  private static StructureBuilder frame(Structure host, V2mFrame given) {
    return StructureBuilder.of(host).set(Madt.MsiFrame.FLAGS, Madt.SPI_SELECT).set(Madt.MsiFrame.SPI_BASE, given.firstIntid())
        .set(Madt.MsiFrame.SPI_COUNT, given.count());
  }

  /** In the place of the machine's at the same address, or of its first: IORT refers to its number. */
  private static StructureBuilder its(List<Structure> host, AddressWindow registers) {
    long number = host.stream().filter(each -> each.get(Madt.Its.BASE_ADDRESS) == registers.base()).findFirst()
        .or(() -> host.stream().findFirst()).map(each -> each.get(Madt.Its.GIC_ITS_ID)).orElse(0L);
    return StructureBuilder.of(Madt.ITS).set(Madt.Its.GIC_ITS_ID, number).set(Madt.Its.BASE_ADDRESS, registers.base());
  }

  private static Structure first(Structure madt, String kind, List<Structure> all) {
    return all.stream().findFirst().orElseThrow(() -> new AcpiException("APIC", madt.length(), "it has no " + kind,
        "the hardware domain gets its own in the place of the machine's; boot it by device tree"));
  }
}
