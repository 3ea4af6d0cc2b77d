// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtFaults;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtInterrupts;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReference;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.build.arm.dt.HandledNode.DeviceResources;

/** Finds which windows and which interrupts at the GIC the devices of the host's tree have. */
final class HostDevices {
  private static final int SPI = 0;
  private static final int FIRST_SPI = 32;
  private static final int END_OF_SPIS = 1020;
  private static final int EDGES = 3;
  private static final int MAX_CELLS = 16;

  private final Fdt host;
  private final FdtIndex index;
  private final FdtNode gic;
  private final FdtFaults faults;
  private final FdtAddresses addresses;
  private final FdtInterrupts interrupts;

  /** @param index of {@code host}, in which {@code gic} is a node */
  HostDevices(Fdt host, FdtIndex index, FdtNode gic, FdtFaults faults) {
    this.host = host;
    this.index = index;
    this.gic = gic;
    this.faults = faults;
    addresses = new FdtAddresses(index, faults);
    interrupts = new FdtInterrupts(index, faults);
  }

  /** What {@code reg} and {@code interrupts} of a node name. */
  DeviceResources of(FdtNode node) {
    List<RoutedInterrupt> routed = new ArrayList<>();
    for (FdtReference interrupt : interrupts.of(node)) {
      if (interrupt.provider() == gic) {
        route(node, interrupt.cells()).ifPresent(routed::add);
      }
    }
    return new DeviceResources(addresses.windows(node), routed);
  }

  /**
   * What a PCI host bridge passes to the functions below it: the windows of {@code ranges} and each row of
   * {@code interrupt-map} that ends at the GIC. None for other nodes.
   */
  DeviceResources below(FdtNode node) {
    boolean pci = node.property("device_type").filter(FdtProperty::looksLikeStrings)
        .map(p -> p.strings().getFirst()).filter("pci"::equals).isPresent();
    return pci ? new DeviceResources(ranges(node), mapped(node)) : DeviceResources.NONE;
  }

  /** Number of cells of an entry of the node's {@code reg}. */
  int entryCells(FdtNode node) {
    return index.parentOf(node).map(p -> addresses.addressCells(p) + addresses.sizeCells(p)).orElse(0);
  }

  private Optional<RoutedInterrupt> route(FdtNode node, int[] specifier) {
    if (specifier.length < EDGES) {
      fault(node, "an interrupt of " + specifier.length + " cells", "a GIC wants three");
      return Optional.empty();
    }
    int intid = specifier[1] + FIRST_SPI;
    if (specifier[0] != SPI) {
      fault(node, "its interrupt is private to a CPU; it isn't routed to the domain",
          "leave the device out, or to the hypervisor");
      return Optional.empty();
    }
    if (specifier[1] < 0 || intid >= END_OF_SPIS) {
      fault(node, "SPI " + specifier[1] + " doesn't exist", "a GIC has SPIs 0 to " + (END_OF_SPIS - FIRST_SPI - 1));
      return Optional.empty();
    }
    return Optional.of(new RoutedInterrupt(intid, (specifier[2] & EDGES) != 0));
  }

  private List<RoutedInterrupt> mapped(FdtNode bridge) {
    Optional<FdtProperty> map = bridge.property("interrupt-map").filter(p -> p.length() % 4 == 0);
    if (map.isEmpty()) {
      return List.of();
    }
    int[] cells = map.get().cells();
    int prefix = addresses.addressCells(bridge) + cellCount(bridge, "#interrupt-cells");
    List<RoutedInterrupt> routed = new ArrayList<>();
    int at = 0;
    while (at + prefix < cells.length) {
      Optional<FdtNode> controller = index.byPhandle(cells[at + prefix]);
      if (controller.isEmpty()) {
        fault(bridge, "interrupt-map refers to the phandle 0x" + Integer.toHexString(cells[at + prefix])
            + ", which no node has", "add the node or drop the row");
        break;
      }
      int from = at + prefix + 1 + cellCount(controller.get(), "#address-cells");
      int end = from + cellCount(controller.get(), "#interrupt-cells");
      if (end > cells.length) {
        fault(bridge, "interrupt-map ends inside a row", "look at the cell counts of "
            + index.pathOf(controller.get()));
        break;
      }
      if (controller.get() == gic) {
        route(bridge, Arrays.copyOfRange(cells, from, end)).ifPresent(routed::add);
      }
      at = end;
    }
    return routed;
  }

  private static int cellCount(FdtNode provider, String property) {
    return provider.property(property).filter(p -> p.length() == 4 && p.u32() <= MAX_CELLS).map(p -> p.cell(0))
        .orElse(0);
  }

  private List<FdtWindow> ranges(FdtNode bridge) {
    Optional<FdtNode> parent = index.parentOf(bridge);
    Optional<FdtProperty> ranges = bridge.property("ranges").filter(p -> !p.isFlag());
    if (parent.isEmpty() || ranges.isEmpty()) {
      return List.of();
    }
    int busCells = addresses.addressCells(bridge);
    int cpuCells = addresses.addressCells(parent.get());
    int lengthCells = addresses.sizeCells(bridge);
    int parentLengthCells = addresses.sizeCells(parent.get());
    int row = busCells + cpuCells + lengthCells;
    if (ranges.get().length() % (row * 4) != 0 || lengthCells > 2) {
      fault(bridge, "ranges has " + ranges.get().length() + " bytes, not a multiple of its rows' " + row * 4,
          "look at its #address-cells and #size-cells and the parent's #address-cells");
      return List.of();
    }
    int[] cells = ranges.get().cells();
    int[] reg = new int[cells.length / row * (cpuCells + parentLengthCells)];
    int to = 0;
    for (int at = 0; at < cells.length; at += row) {
      System.arraycopy(cells, at + busCells, reg, to, cpuCells);
      to += cpuCells + parentLengthCells;
      for (int cell = 1; cell <= lengthCells; cell++) {
        if (cell <= parentLengthCells) {
          reg[to - cell] = cells[at + row - cell];
        } else if (cells[at + row - cell] != 0) {
          fault(bridge, "row " + at / row + " of ranges is longer than its parent can count",
              "give the parent two size cells");
          return List.of();
        }
      }
    }
    return asRegisters(bridge, FdtProperty.ofCells("reg", reg));
  }

  /** Translates windows that are given as the node's parent counts, by taking them for the node's own registers. */
  private List<FdtWindow> asRegisters(FdtNode node, FdtProperty reg) {
    String path = index.pathOf(node);
    FdtIndex scratch = host.edit(path, n -> new FdtNode(n.name(), List.of(reg), List.of())).index();
    return new FdtAddresses(scratch, faults).windows(scratch.node(path).orElseThrow());
  }

  private void fault(FdtNode node, String what, String remedy) {
    faults.report(index.pathOf(node), what, remedy);
  }
}
