// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Resolves {@code interrupts} and {@code interrupts-extended} to the controllers they end at, through
 * {@code interrupt-parent} and {@code interrupt-map} (Devicetree Specification 0.4, 2.4).
 */
public final class FdtInterrupts {
  private static final String CELLS = "#interrupt-cells";
  /** Controllers or nexuses on the way of one interrupt; more than this is taken for a circle. */
  private static final int MAX_HOPS = 16;

  private final FdtIndex index;
  private final FdtFaults faults;
  private final FdtReferences references;
  private final FdtAddresses addresses;

  /**
   * @param index  the tree
   * @param faults hears of interrupts that lead nowhere
   */
  public FdtInterrupts(FdtIndex index, FdtFaults faults) {
    this.index = index;
    this.faults = faults;
    references = new FdtReferences(index, faults);
    addresses = new FdtAddresses(index, faults);
  }

  /**
   * The interrupts of a node, in order, each with its controller and the controller's specifier. One that can't be
   * resolved ends the list, so that the positions of the others stay true.
   */
  public List<FdtReference> of(FdtNode node) {
    List<FdtReference> declared = node.has("interrupts-extended")
        ? references.of(node, "interrupts-extended", CELLS) : plain(node);
    List<FdtReference> resolved = new ArrayList<>();
    for (FdtReference interrupt : declared) {
      Optional<FdtReference> end = resolve(node, interrupt);
      if (end.isEmpty()) {
        break;
      }
      resolved.add(end.get());
    }
    return List.copyOf(resolved);
  }

  private List<FdtReference> plain(FdtNode node) {
    Optional<FdtProperty> property = node.property("interrupts");
    if (property.isEmpty() || property.get().isFlag() || !references.wholeCells(node, property.get())) {
      return List.of();
    }
    Optional<FdtNode> parent = interruptParent(node);
    if (parent.isEmpty()) {
      fault(node, "interrupts has no interrupt parent", "name one with interrupt-parent");
      return List.of();
    }
    int count = references.specifierCells(parent.get(), CELLS);
    int[] cells = property.get().cells();
    if (count <= 0 || cells.length % count != 0) {
      fault(node, "interrupts has " + cells.length + " cells, " + index.pathOf(parent.get()) + " wants "
          + count + " each", "correct interrupts, or name the right interrupt-parent");
      return List.of();
    }
    List<FdtReference> declared = new ArrayList<>();
    for (int at = 0; at < cells.length; at += count) {
      declared.add(new FdtReference(parent.get(), Arrays.copyOfRange(cells, at, at + count)));
    }
    return declared;
  }

  /** The nearest controller or nexus: along {@code interrupt-parent} where given, else along the tree. */
  private Optional<FdtNode> interruptParent(FdtNode node) {
    FdtNode at = node;
    for (int hop = 0; hop < FdtNode.MAX_DEPTH; hop++) {
      FdtNode from = at;
      Optional<FdtNode> next = from.property("interrupt-parent").filter(p -> p.length() == 4)
          .map(p -> references.provider(from, "interrupt-parent", p.cell(0)))
          .orElseGet(() -> index.parentOf(from));
      if (next.isEmpty() || next.get().has(CELLS)) {
        return next;
      }
      at = next.get();
    }
    return Optional.empty();
  }

  private Optional<FdtReference> resolve(FdtNode node, FdtReference declared) {
    FdtReference at = declared;
    int[] unit = unitCells(node);
    for (int hop = 0; hop < MAX_HOPS; hop++) {
      FdtNode provider = at.provider();
      if (provider.has("interrupt-controller")) {
        return Optional.of(at);
      }
      Optional<FdtProperty> map = provider.property("interrupt-map");
      if (map.isEmpty()) {
        int[] cells = at.cells();
        Optional<FdtReference> up = interruptParent(provider).map(p -> new FdtReference(p, cells));
        if (up.isEmpty()) {
          // a provider that is neither controller nor nexus, at the top: some trees forget the flag
          return Optional.of(at);
        }
        at = up.get();
      } else {
        Optional<FdtReference> mapped = through(provider, map.get(), unit, at.cells());
        if (mapped.isEmpty()) {
          fault(node, "no row of the interrupt-map of " + index.pathOf(provider) + " fits "
              + Arrays.toString(at.cells()), "add a row, or correct interrupts");
          return mapped;
        }
        at = mapped.get();
        unit = new int[0];
      }
    }
    fault(node, "its interrupt goes in a circle", "correct the interrupt-parent and interrupt-map properties");
    return Optional.empty();
  }

  private int[] unitCells(FdtNode node) {
    return node.property("reg").filter(p -> p.length() % 4 == 0).map(FdtProperty::cells).orElse(new int[0]);
  }

  private Optional<FdtReference> through(FdtNode nexus, FdtProperty map, int[] unit, int[] specifier) {
    if (!references.wholeCells(nexus, map)) {
      return Optional.empty();
    }
    int unitCells = addresses.addressCells(nexus);
    int[] wanted = Arrays.copyOf(Arrays.copyOf(unit, unitCells), unitCells + specifier.length);
    System.arraycopy(specifier, 0, wanted, unitCells, specifier.length);
    int[] mask = nexus.property("interrupt-map-mask").filter(p -> p.length() % 4 == 0).map(FdtProperty::cells)
        .orElseGet(() -> ones(wanted.length));
    int[] rows = map.cells();
    int at = 0;
    while (at + wanted.length < rows.length) {
      Optional<FdtNode> provider = references.provider(nexus, "interrupt-map", rows[at + wanted.length]);
      if (provider.isEmpty()) {
        return Optional.empty();
      }
      int parentUnit = Math.max(0, references.specifierCells(provider.get(), "#address-cells"));
      int parentSpecifier = Math.max(0, references.specifierCells(provider.get(), CELLS));
      int from = at + wanted.length + 1 + parentUnit;
      if (from + parentSpecifier > rows.length) {
        fault(nexus, "interrupt-map ends inside a row", "each row for " + index.pathOf(provider.get())
            + " has " + (wanted.length + 1 + parentUnit + parentSpecifier) + " cells");
        return Optional.empty();
      }
      if (matches(rows, at, wanted, mask)) {
        return Optional.of(new FdtReference(provider.get(), Arrays.copyOfRange(rows, from, from + parentSpecifier)));
      }
      at = from + parentSpecifier;
    }
    return Optional.empty();
  }

  private static int[] ones(int length) {
    int[] mask = new int[length];
    Arrays.fill(mask, -1);
    return mask;
  }

  private static boolean matches(int[] rows, int at, int[] wanted, int[] mask) {
    for (int i = 0; i < wanted.length; i++) {
      int bits = i < mask.length ? mask[i] : 0;
      if ((rows[at + i] & bits) != (wanted[i] & bits)) {
        return false;
      }
    }
    return true;
  }

  private void fault(FdtNode node, String what, String remedy) {
    faults.report(index.pathOf(node), what, remedy);
  }
}
