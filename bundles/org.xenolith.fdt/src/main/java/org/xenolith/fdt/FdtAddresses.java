// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Translates {@code reg} entries to CPU addresses through the {@code ranges} of all buses on the way (Devicetree
 * Specification 0.4, 2.3.5, 2.3.6 and 2.3.8).
 */
public final class FdtAddresses {
  private static final int DEFAULT_ADDRESS_CELLS = 2;
  private static final int DEFAULT_SIZE_CELLS = 1;
  /** Addresses of more cells (PCI has 3) aren't plain numbers. */
  private static final int MAX_NUMBER_CELLS = 2;
  /** No binding uses more; a bound keeps arithmetic on cell counts safe. */
  private static final int MAX_CELLS = 16;

  private final FdtIndex index;
  private final FdtFaults faults;

  /**
   * @param index  the tree
   * @param faults hears of entries that can't be translated
   */
  public FdtAddresses(FdtIndex index, FdtFaults faults) {
    this.index = index;
    this.faults = faults;
  }

  /** {@code #address-cells} that the children of {@code bus} use: as given, else 2. */
  public int addressCells(FdtNode bus) {
    return cells(bus, "#address-cells", DEFAULT_ADDRESS_CELLS);
  }

  /** {@code #size-cells} that the children of {@code bus} use: as given, else 1. */
  public int sizeCells(FdtNode bus) {
    return cells(bus, "#size-cells", DEFAULT_SIZE_CELLS);
  }

  /**
   * The {@code reg} entries of a node as CPU addresses, in order. Empty if the node has no {@code reg}, if its
   * addresses aren't memory (no size, as of CPUs or I²C devices, or of three cells, as on PCI), or if a bus on the way
   * doesn't pass addresses on (it has no {@code ranges}). An entry that no range covers ends the list, so that the
   * positions of the others stay true.
   */
  public List<FdtWindow> windows(FdtNode node) {
    Optional<FdtProperty> reg = node.property("reg");
    Optional<FdtNode> parent = index.parentOf(node);
    if (reg.isEmpty() || parent.isEmpty()) {
      return List.of();
    }
    int addressCells = addressCells(parent.get());
    int sizeCells = sizeCells(parent.get());
    if (sizeCells == 0 || addressCells == 0 || addressCells > MAX_NUMBER_CELLS || !reachesRoot(parent.get())) {
      return List.of();
    }
    int entryCells = addressCells + sizeCells;
    if (sizeCells > MAX_NUMBER_CELLS || reg.get().length() == 0 || reg.get().length() % (entryCells * 4) != 0) {
      fault(node, "reg has " + reg.get().length() + " bytes, not a multiple of its entries' " + entryCells * 4,
          "look at #address-cells (" + addressCells + ") and #size-cells (" + sizeCells + ") of the parent");
      return List.of();
    }
    List<FdtWindow> windows = new ArrayList<>();
    for (int cell = 0; cell < reg.get().cellCount(); cell += entryCells) {
      long address = reg.get().number(cell, addressCells);
      long size = reg.get().number(cell + addressCells, sizeCells);
      OptionalLong base = translate(parent.get(), address, size);
      if (base.isEmpty()) {
        fault(node, "no ranges of its buses cover reg entry " + cell / entryCells + ", 0x"
            + Long.toHexString(address), "correct reg, or the ranges of the parents");
        break;
      }
      if (size != 0 && Long.compareUnsigned(base.getAsLong() + size - 1, base.getAsLong()) < 0) {
        fault(node, "reg entry " + cell / entryCells + " wraps around the end of the address space",
            "correct its size");
        break;
      }
      windows.add(new FdtWindow(base.getAsLong(), size));
    }
    return List.copyOf(windows);
  }

  /** Whether every bus from {@code bus} up to the root passes addresses on as plain numbers. */
  private boolean reachesRoot(FdtNode bus) {
    FdtNode at = bus;
    Optional<FdtNode> parent = index.parentOf(at);
    while (parent.isPresent()) {
      int cells = addressCells(parent.get());
      if (!at.has("ranges") || cells == 0 || cells > MAX_NUMBER_CELLS) {
        return false;
      }
      at = parent.get();
      parent = index.parentOf(at);
    }
    return true;
  }

  private OptionalLong translate(FdtNode bus, long address, long size) {
    FdtNode at = bus;
    long translated = address;
    Optional<FdtNode> parent = index.parentOf(at);
    while (parent.isPresent()) {
      OptionalLong up = throughRanges(at, parent.get(), translated, size);
      if (up.isEmpty()) {
        return up;
      }
      translated = up.getAsLong();
      at = parent.get();
      parent = index.parentOf(at);
    }
    return OptionalLong.of(translated);
  }

  private OptionalLong throughRanges(FdtNode bus, FdtNode parent, long address, long size) {
    FdtProperty ranges = bus.property("ranges").orElseThrow();
    if (ranges.isFlag()) {
      return OptionalLong.of(address);
    }
    int childCells = addressCells(bus);
    int parentCells = addressCells(parent);
    int sizeCells = sizeCells(bus);
    int entryCells = childCells + parentCells + sizeCells;
    if (childCells > MAX_NUMBER_CELLS || sizeCells > MAX_NUMBER_CELLS || ranges.length() % (entryCells * 4) != 0) {
      fault(bus, "ranges has " + ranges.length() + " bytes, not a multiple of its entries' " + entryCells * 4,
          "look at its #address-cells and #size-cells and the parent's #address-cells");
      return OptionalLong.empty();
    }
    for (int cell = 0; cell < ranges.cellCount(); cell += entryCells) {
      long from = ranges.number(cell, childCells);
      long length = ranges.number(cell + childCells + parentCells, sizeCells);
      long inside = address - from;
      if (Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(inside, length) < 0
          && Long.compareUnsigned(size, length - inside) <= 0) {
        return OptionalLong.of(ranges.number(cell + childCells, parentCells) + inside);
      }
    }
    return OptionalLong.empty();
  }

  private int cells(FdtNode bus, String property, int otherwise) {
    Optional<FdtProperty> given = bus.property(property);
    if (given.isEmpty()) {
      return otherwise;
    }
    if (given.get().length() != 4 || given.get().u32() > MAX_CELLS) {
      fault(bus, property + " isn't a number from 0 to " + MAX_CELLS, "correct it; taken as " + otherwise);
      return otherwise;
    }
    return given.get().cell(0);
  }

  private void fault(FdtNode node, String what, String remedy) {
    faults.report(index.pathOf(node), what, remedy);
  }
}
