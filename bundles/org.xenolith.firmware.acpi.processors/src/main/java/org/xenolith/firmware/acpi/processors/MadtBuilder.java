// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.PsciConduit;
import org.xenolith.firmware.kit.GicNodes;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** MADT of ACPI 6.3: processors, and the parts of the GIC. */
@Component(service = AcpiTableBuilder.class)
public final class MadtBuilder implements AcpiTableBuilder {
  private static final int REVISION = 5;
  private static final int PARKING_PROTOCOL = 1;
  /** Kernels map so much of a CPU interface, whose last register is GICC_DIR at 0x1000 (Arm IHI 0048B, table 4-2). */
  private static final long CPU_INTERFACE_BYTES = 0x2000;

  @Override
  public String signature() {
    return Madt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    Optional<PlatformNode> found = GicNodes.controller(machine.platform());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    PlatformNode gic = found.get();
    machine.told(gic);
    boolean version3 = GicNodes.isVersion3(gic);
    int regions = version3 ? (int) gic.cell("#redistributor-regions", 1) : 0;
    if (gic.windows().size() < (version3 ? 1 + regions : 2) || regions < 0) {
      throw new PlatformException(gic.path() + ": its reg has fewer windows than a GIC of its kind; give it those of distributor and "
          + (version3 ? "redistributors" : "CPU interface"));
    }
    StructureBuilder madt = AcpiTable.header(Madt.LAYOUT, REVISION, machine.identity());
    madt.add(StructureBuilder.of(Madt.GICD).set(Madt.Gicd.BASE_ADDRESS, gic.windows().getFirst().base())
        .set(Madt.Gicd.GIC_VERSION, version3 ? 3 : 2));
    List<AddressWindow> perProcessor = gic.windows().subList(version3 ? 1 + regions : 1, gic.windows().size());
    PerformanceInterrupts performance = new PerformanceInterrupts(machine);
    machine.processors().forEach(processor -> madt.add(processor(machine, processor, gic, perProcessor, performance)));
    frames(machine, madt);
    gic.windows().stream().skip(1).limit(regions).forEach(window -> madt.add(StructureBuilder.of(Madt.GICR)
        .set(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS, window.base()).set(Madt.Gicr.DISCOVERY_RANGE_LENGTH, window.size())));
    translators(machine, madt);
    if (!version3 && perProcessor.getFirst().size() < CPU_INTERFACE_BYTES) {
      machine.untold(gic, "its CPU interface has " + perProcessor.getFirst().size() + " bytes, the MADT says no size, and kernels take it "
          + "for " + CPU_INTERFACE_BYTES, "let software start at EL1, where nobody uses GICC_DIR, or give it a window of that size");
    }
    return Optional.of(AcpiTable.of(madt));
  }

  /** @param windows of CPU interface, virtual interface control and virtual CPU interface, as far as the GIC has them */
  private static StructureBuilder processor(AcpiMachine machine, AcpiProcessor processor, PlatformNode gic, List<AddressWindow> windows,
      PerformanceInterrupts performance) {
    machine.told(processor.node());
    Optional<AcpiInterrupt> counters = performance.of(processor.node());
    Optional<AcpiInterrupt> maintenance = machine.interrupts(gic).stream().findFirst();
    long flags = Madt.ENABLED | (counters.filter(AcpiInterrupt::edge).isPresent() ? Madt.PERFORMANCE_INTERRUPT_EDGE : 0)
        | (maintenance.filter(AcpiInterrupt::edge).isPresent() ? Madt.MAINTENANCE_INTERRUPT_EDGE : 0);
    if (processor.mailbox().isEmpty() && machine.psciConduit() == PsciConduit.NONE && processor.uid() > 0) {
      machine.untold(processor.node(), "nothing says how the processor is started: not all have PSCI, and no mailbox is there for the "
          + "parking protocol", "boot with one CPU, or by device tree");
    }
    return StructureBuilder.upTo(Madt.GICC, Madt.Gicc.SPE_OVERFLOW_INTERRUPT)
        .set(Madt.Gicc.CPU_INTERFACE_NUMBER, processor.uid())
        .set(Madt.Gicc.ACPI_PROCESSOR_UID, processor.uid())
        .set(Madt.Gicc.FLAGS, flags)
        .set(Madt.Gicc.PARKING_PROTOCOL_VERSION, processor.mailbox().isPresent() ? PARKING_PROTOCOL : 0)
        .set(Madt.Gicc.PARKED_ADDRESS, processor.mailbox().orElse(0))
        .set(Madt.Gicc.PERFORMANCE_INTERRUPT_GSIV, counters.map(AcpiInterrupt::gsiv).orElse(0L))
        .set(Madt.Gicc.BASE_ADDRESS, base(windows, 0))
        .set(Madt.Gicc.GICH, base(windows, 1))
        .set(Madt.Gicc.GICV, base(windows, 2))
        .set(Madt.Gicc.VGIC_MAINTENANCE_INTERRUPT, maintenance.map(AcpiInterrupt::gsiv).orElse(0L))
        .set(Madt.Gicc.MPIDR, processor.mpidr());
  }

  private static long base(List<AddressWindow> windows, int index) {
    return index < windows.size() ? windows.get(index).base() : 0;
  }

  private static void frames(AcpiMachine machine, StructureBuilder madt) {
    List<PlatformNode> frames = GicNodes.messageFrames(machine.platform());
    for (int id = 0; id < frames.size(); id++) {
      PlatformNode frame = frames.get(id);
      if (frame.windows().isEmpty()) {
        throw new PlatformException(frame.path() + ": it has no reg; give it its window");
      }
      machine.told(frame);
      StructureBuilder entry = StructureBuilder.of(Madt.MSI_FRAME).set(Madt.MsiFrame.GIC_MSI_FRAME_ID, id)
          .set(Madt.MsiFrame.BASE_ADDRESS, frame.windows().getFirst().base());
      long first = frame.cell("arm,msi-base-spi", 0);
      long count = frame.cell("arm,msi-num-spis", 0);
      if (first != 0 && count != 0) {
        entry.set(Madt.MsiFrame.FLAGS, Madt.SPI_SELECT).set(Madt.MsiFrame.SPI_BASE, first).set(Madt.MsiFrame.SPI_COUNT, count);
      }
      madt.add(entry);
    }
  }

  private static void translators(AcpiMachine machine, StructureBuilder madt) {
    List<PlatformNode> translators = GicNodes.translators(machine.platform());
    for (int id = 0; id < translators.size(); id++) {
      PlatformNode its = translators.get(id);
      if (its.windows().isEmpty()) {
        throw new PlatformException(its.path() + ": it has no reg; give it its window");
      }
      machine.told(its);
      madt.add(StructureBuilder.of(Madt.ITS).set(Madt.Its.GIC_ITS_ID, id).set(Madt.Its.BASE_ADDRESS, its.windows().getFirst().base()));
    }
  }
}
