// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Resolves properties that refer to other nodes by phandle, such as {@code clocks} with {@code #clock-cells} (Devicetree
 * Specification 0.4, 2.3.3; the clock and IOMMU bindings).
 */
public final class FdtReferences {
  /** No binding uses more; a bound keeps arithmetic on cell counts safe. */
  private static final int MAX_CELLS = 16;

  private final FdtIndex index;
  private final FdtFaults faults;

  /**
   * @param index  the tree
   * @param faults hears of references that lead nowhere
   */
  public FdtReferences(FdtIndex index, FdtFaults faults) {
    this.index = index;
    this.faults = faults;
  }

  /**
   * A row of {@code iommu-map} or {@code msi-map}.
   *
   * @param firstId  first requester id (PCI: bus, device, function)
   * @param provider the IOMMU or MSI controller
   * @param firstOut what the provider sees for {@code firstId}: a stream or device id
   * @param length   number of ids
   */
  public record MapEntry(long firstId, FdtNode provider, long firstOut, long length) {}

  /**
   * The references of a property, in order. One that can't be resolved ends the list, so that the positions of the
   * others stay true.
   *
   * @param cellsName the provider's property that counts the specifier's cells, such as {@code #clock-cells}
   */
  public List<FdtReference> of(FdtNode node, String propertyName, String cellsName) {
    Optional<FdtProperty> property = node.property(propertyName);
    if (property.isEmpty() || !wholeCells(node, property.get())) {
      return List.of();
    }
    int[] cells = property.get().cells();
    List<FdtReference> references = new ArrayList<>();
    for (int at = 0; at < cells.length;) {
      Optional<FdtNode> provider = provider(node, propertyName, cells[at]);
      int count = provider.map(p -> specifierCells(p, cellsName)).orElse(-1);
      if (provider.isPresent() && count < 0) {
        fault(node, propertyName + " refers to " + index.pathOf(provider.get()) + ", which has no valid "
            + cellsName, "refer to a node that has it");
      }
      if (count < 0) {
        break;
      }
      if (at + 1 + count > cells.length) {
        fault(node, propertyName + " ends inside its entry " + references.size(), "each entry has a phandle and "
            + count + " cells");
        break;
      }
      references.add(new FdtReference(provider.get(), Arrays.copyOfRange(cells, at + 1, at + 1 + count)));
      at += 1 + count;
    }
    return List.copyOf(references);
  }

  /** The rows of {@code iommu-map} or {@code msi-map}. */
  public List<MapEntry> map(FdtNode node, String propertyName) {
    Optional<FdtProperty> property = node.property(propertyName);
    if (property.isEmpty() || !wholeCells(node, property.get())) {
      return List.of();
    }
    int[] cells = property.get().cells();
    if (cells.length % 4 != 0) {
      fault(node, propertyName + " has " + cells.length + " cells", "each row has 4: id, phandle, output id, length");
      return List.of();
    }
    List<MapEntry> rows = new ArrayList<>();
    for (int at = 0; at < cells.length; at += 4) {
      Optional<FdtNode> provider = provider(node, propertyName, cells[at + 1]);
      if (provider.isEmpty()) {
        break;
      }
      rows.add(new MapEntry(unsigned(cells[at]), provider.get(), unsigned(cells[at + 2]), unsigned(cells[at + 3])));
    }
    return List.copyOf(rows);
  }

  /** The value of a {@code #…-cells} property of a provider, or −1 if there is none that makes sense. */
  int specifierCells(FdtNode provider, String cellsName) {
    return provider.property(cellsName).filter(p -> p.length() == 4 && p.u32() <= MAX_CELLS).map(p -> p.cell(0))
        .orElse(-1);
  }

  Optional<FdtNode> provider(FdtNode node, String propertyName, int phandle) {
    Optional<FdtNode> provider = index.byPhandle(phandle);
    if (provider.isEmpty()) {
      fault(node, propertyName + " refers to the phandle 0x" + Integer.toHexString(phandle)
          + ", which no node has", "add the node or drop the reference");
    }
    return provider;
  }

  boolean wholeCells(FdtNode node, FdtProperty property) {
    if (property.length() % 4 == 0) {
      return true;
    }
    fault(node, property.name() + " has " + property.length() + " bytes, not a multiple of 4", "correct it");
    return false;
  }

  private void fault(FdtNode node, String what, String remedy) {
    faults.report(index.pathOf(node), what, remedy);
  }

  private static long unsigned(int cell) {
    return cell & 0xffff_ffffL;
  }
}
