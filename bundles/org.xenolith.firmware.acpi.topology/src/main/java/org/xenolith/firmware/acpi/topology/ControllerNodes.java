// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;

/**
 * The interrupt controller of the MADT (Devicetree bindings arm,gic.yaml and arm,gic-v3.yaml). The table says no sizes: those of the
 * architecture are taken.
 */
final class ControllerNodes {
  /** What stands for the controller where phandles are asked for. */
  static final String PLACE = "APIC";
  private static final int DISTRIBUTOR_V3 = 0x1_0000;
  private static final int DISTRIBUTOR_V2 = 0x1000;
  private static final int CPU_INTERFACE = 0x2000;
  private static final int VIRTUAL_INTERFACE = 0x1000;
  private static final int REDISTRIBUTOR_V3 = 0x2_0000;
  private static final int REDISTRIBUTOR_V4 = 0x4_0000;
  private static final int TRANSLATOR = 0x2_0000;
  private static final int FRAME = 0x1000;
  private static final int CPUS_OF_V2 = 8;

  private final TablesToTree machine;
  private final Structure madt;
  private final List<Structure> processors;
  private final int version;
  private final List<FdtNode> children = new ArrayList<>();
  private final List<AddressWindow> windows = new ArrayList<>();
  private final Map<Long, String> translators = new LinkedHashMap<>();
  private final List<String> frames = new ArrayList<>();

  ControllerNodes(TablesToTree machine) {
    this.machine = machine;
    madt = machine.tables().find("APIC").orElseThrow().structure();
    processors = madt.all(Madt.GICC).stream().filter(each -> (each.get(Madt.Gicc.FLAGS) & Madt.ENABLED) != 0).toList();
    if (processors.isEmpty() || madt.all(Madt.GICD).isEmpty()) {
      throw new PlatformException("APIC: it has no enabled GIC CPU interface or no GIC distributor; give the tables of an Arm machine");
    }
    long said = madt.all(Madt.GICD).getFirst().get(Madt.Gicd.GIC_VERSION, 0);
    boolean redistributors = !madt.all(Madt.GICR).isEmpty() || processors.getFirst().get(Madt.Gicc.GICR_BASE_ADDRESS, 0) != 0;
    version = said != 0 ? (int) said : redistributors ? 3 : 2;
    madt.structures().filter(each -> each.layout().type() < 0).forEach(each -> machine.untold("APIC, offset 0x" + Integer.toHexString(
        each.offset()), "an entry of type " + (each.bytes()[0] & 0xff) + " isn't understood", "see it with \"acpi dump\""));
    madt.all(Madt.ITS).forEach(this::translator);
    madt.all(Madt.MSI_FRAME).forEach(this::frame);
  }

  /** The processors that are enabled. */
  List<Structure> processors() {
    return processors;
  }

  /** Phandle of the ITS with an id of the MADT. */
  OptionalInt translator(long id) {
    return translators.containsKey(id) ? OptionalInt.of(machine.phandle(translators.get(id))) : OptionalInt.empty();
  }

  /** Phandle of the first frame of GICv2m. */
  OptionalInt messageFrame() {
    return frames.isEmpty() ? OptionalInt.empty() : OptionalInt.of(machine.phandle(frames.getFirst()));
  }

  private void translator(Structure its) {
    long base = its.get(Madt.Its.BASE_ADDRESS);
    String place = PLACE + "/its" + its.get(Madt.Its.GIC_ITS_ID);
    translators.putIfAbsent(its.get(Madt.Its.GIC_ITS_ID), place);
    child(new FdtNode("its@" + Long.toHexString(base), List.of(FdtProperty.ofStrings("compatible", "arm,gic-v3-its"),
        FdtProperty.ofU64("reg", base, TRANSLATOR), FdtProperty.ofFlag("msi-controller"), FdtProperty.ofCells("#msi-cells", 1),
        FdtProperty.ofCells("phandle", machine.phandle(place))), List.of()), its);
  }

  private void frame(Structure frame) {
    long base = frame.get(Madt.MsiFrame.BASE_ADDRESS);
    String place = PLACE + "/frame" + frame.get(Madt.MsiFrame.GIC_MSI_FRAME_ID);
    frames.add(place);
    List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "arm,gic-v2m-frame"),
        FdtProperty.ofU64("reg", base, FRAME), FdtProperty.ofFlag("msi-controller"),
        FdtProperty.ofCells("phandle", machine.phandle(place))));
    if ((frame.get(Madt.MsiFrame.FLAGS) & Madt.SPI_SELECT) != 0) {
      properties.add(FdtProperty.ofCells("arm,msi-base-spi", (int) frame.get(Madt.MsiFrame.SPI_BASE)));
      properties.add(FdtProperty.ofCells("arm,msi-num-spis", (int) frame.get(Madt.MsiFrame.SPI_COUNT)));
    }
    child(new FdtNode("v2m@" + Long.toHexString(base), properties, List.of()), frame);
  }

  private void child(FdtNode node, Structure entry) {
    if (children.stream().anyMatch(each -> each.name().equals(node.name()))) {
      machine.untold("APIC, offset 0x" + Integer.toHexString(entry.offset()), "a second entry has the address of " + node.name(),
          "correct the table");
    } else {
      children.add(node);
    }
  }

  /** The cells of an interrupt. */
  int[] cells(AcpiInterrupt interrupt) {
    int trigger = interrupt.edge() ? interrupt.activeLow() ? 2 : 1 : interrupt.activeLow() ? 8 : 4;
    long gsiv = interrupt.gsiv();
    if (gsiv >= 16 && gsiv < 32) {
      int mask = version < 3 ? (1 << Math.min(processors.size(), CPUS_OF_V2)) - 1 : 0;
      return new int[] {1, (int) gsiv - 16, mask << 8 | trigger};
    }
    if (gsiv >= 4096) {
      return new int[] {2, (int) gsiv - 4096, trigger};
    }
    return gsiv >= 1056 ? new int[] {3, (int) gsiv - 1056, trigger} : new int[] {0, (int) Math.max(0, gsiv - 32), trigger};
  }

  /** A property {@code interrupts}. */
  FdtProperty interrupts(List<AcpiInterrupt> interrupts) {
    return FdtProperty.ofCells("interrupts", interrupts.stream().flatMapToInt(each -> Arrays.stream(cells(each))).toArray());
  }

  void add(TreeNodes nodes) {
    long base = madt.all(Madt.GICD).getFirst().get(Madt.Gicd.BASE_ADDRESS);
    List<FdtProperty> properties = new ArrayList<>();
    if (version >= 3) {
      windows.add(new AddressWindow(base, DISTRIBUTOR_V3));
      redistributors();
      properties.add(FdtProperty.ofStrings("compatible", "arm,gic-v3"));
      properties.add(FdtProperty.ofCells("#redistributor-regions", windows.size() - 1));
    } else {
      windows.add(new AddressWindow(base, DISTRIBUTOR_V2));
      properties.add(FdtProperty.ofStrings("compatible", "arm,cortex-a15-gic"));
    }
    Structure first = processors.getFirst();
    interfaces(first);
    properties.add(TreeNodes.reg(windows));
    long maintenance = first.get(Madt.Gicc.VGIC_MAINTENANCE_INTERRUPT, 0);
    if (maintenance != 0) {
      properties.add(interrupts(List.of(new AcpiInterrupt(maintenance, (first.get(Madt.Gicc.FLAGS) & Madt.MAINTENANCE_INTERRUPT_EDGE) != 0,
          false))));
    }
    properties.addAll(List.of(FdtProperty.ofFlag("interrupt-controller"), FdtProperty.ofCells("#interrupt-cells", 3),
        FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2), FdtProperty.ofFlag("ranges")));
    machine.phandle(PLACE);
    nodes.add(PLACE, new FdtNode("interrupt-controller@" + Long.toHexString(base), properties, children), windows);
  }

  private void redistributors() {
    for (Structure region : madt.all(Madt.GICR)) {
      windows.add(new AddressWindow(region.get(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS), region.get(Madt.Gicr.DISCOVERY_RANGE_LENGTH)));
    }
    if (windows.size() == 1) {
      for (Structure processor : processors) {
        windows.add(new AddressWindow(processor.get(Madt.Gicc.GICR_BASE_ADDRESS, 0), version > 3 ? REDISTRIBUTOR_V4 : REDISTRIBUTOR_V3));
      }
    }
  }

  /** CPU interface, and those for virtual machines behind it; a GICv3 may have them for old software. */
  private void interfaces(Structure processor) {
    long cpu = processor.get(Madt.Gicc.BASE_ADDRESS, 0);
    long control = processor.get(Madt.Gicc.GICH, 0);
    long virtual = processor.get(Madt.Gicc.GICV, 0);
    if (cpu != 0 || version < 3) {
      windows.add(new AddressWindow(cpu, CPU_INTERFACE));
      if (control != 0 && virtual != 0) {
        windows.add(new AddressWindow(control, VIRTUAL_INTERFACE));
        windows.add(new AddressWindow(virtual, CPU_INTERFACE));
      }
    }
  }
}
