// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** MADT of ACPI 6.3 of a machine with local APICs: processors, I/O APICs, and which interrupts of ISA aren't as ISA has them. No 8259 is there. */
@Component(service = AcpiTableBuilder.class)
public final class PcMadtBuilder implements AcpiTableBuilder {
  private static final int REVISION = 5;
  /** Ids from here on need an entry of x2APIC (ACPI 6.5, 5.2.12.12). */
  private static final long FIRST_X2APIC = 255;
  private static final int ISA_INTERRUPTS = 16;

  @Override
  public String signature() {
    return Madt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    Optional<PlatformNode> local = ApicNodes.local(machine.platform());
    if (local.isEmpty()) {
      return Optional.empty();
    }
    machine.told(local.get());
    StructureBuilder madt = AcpiTable.header(Madt.LAYOUT, REVISION, machine.identity()).set(
        Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS, window(local.get()).base());
    machine.processors().forEach(processor -> madt.add(processor(machine, processor)));
    List<PlatformNode> ioApics = ApicNodes.io(machine.platform());
    for (int id = 0; id < ioApics.size(); id++) {
      machine.told(ioApics.get(id));
      madt.add(StructureBuilder.of(MadtApic.IO_APIC).set(MadtApic.IoApic.IO_APIC_ID, id).set(MadtApic.IoApic.IO_APIC_ADDRESS, window(ioApics
          .get(id)).base()).set(MadtApic.IoApic.GLOBAL_SYSTEM_INTERRUPT_BASE, (long) id * ApicNodes.INPUTS));
    }
    overrides(machine).values().forEach(interrupt -> madt.add(StructureBuilder.of(MadtApic.SOURCE_OVERRIDE).set(
        MadtApic.SourceOverride.SOURCE, interrupt.gsiv()).set(MadtApic.SourceOverride.GLOBAL_SYSTEM_INTERRUPT, interrupt.gsiv()).set(
            MadtApic.SourceOverride.FLAGS, (interrupt.activeLow() ? MadtApic.ACTIVE_LOW : MadtApic.ACTIVE_HIGH) | (interrupt.edge()
                ? MadtApic.EDGE
                : MadtApic.LEVEL))));
    return Optional.of(AcpiTable.of(madt));
  }

  private static AddressWindow window(PlatformNode node) {
    if (node.windows().isEmpty() || node.windows().getFirst().base() < 0 || node.windows().getFirst().base() > 0xFFFF_FFFFL) {
      throw new PlatformException(node.path() + ": the MADT has 32 bits for its address; give it a reg below 4 GiB");
    }
    return node.windows().getFirst();
  }

  private static StructureBuilder processor(AcpiMachine machine, AcpiProcessor processor) {
    machine.told(processor.node());
    long id = processor.node().cell("reg", 0);
    return id < FIRST_X2APIC && processor.uid() < FIRST_X2APIC
        ? StructureBuilder.of(MadtApic.LOCAL_APIC).set(MadtApic.LocalApic.ACPI_PROCESSOR_UID, processor.uid()).set(
            MadtApic.LocalApic.APIC_ID,
            id).set(MadtApic.LocalApic.FLAGS, Madt.ENABLED)
        : StructureBuilder.of(MadtApic.LOCAL_X2APIC).set(MadtApic.LocalX2apic.ACPI_PROCESSOR_UID, processor.uid()).set(
            MadtApic.LocalX2apic.X2APIC_ID, id).set(MadtApic.LocalX2apic.FLAGS, Madt.ENABLED);
  }

  /** By number, the first sixteen interrupts that some device has with another trigger than ISA's rising edge. */
  private static Map<Long, AcpiInterrupt> overrides(AcpiMachine machine) {
    Map<Long, AcpiInterrupt> found = new TreeMap<>();
    for (PlatformNode node : machine.platform().nodes()) {
      if (node.enabled()) {
        for (InterruptSpecifier specifier : node.interrupts()) {
          machine.interrupt(specifier).filter(each -> each.gsiv() < ISA_INTERRUPTS && (!each.edge() || each.activeLow())).ifPresent(
              each -> found.put(each.gsiv(), each));
        }
      }
    }
    return found;
  }
}
