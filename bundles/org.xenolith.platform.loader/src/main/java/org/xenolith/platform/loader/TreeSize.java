// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** Gives any tree another number of CPUs or another size of memory. */
final class TreeSize {
  /** Of the root: two addresses of two cells each, where memory ends at the latest, and where it goes on. */
  static final String HOLE = "xenolith,memory-hole";
  private static final String REG = "reg";
  private static final String INTERRUPTS = "interrupts";
  private static final String INTERRUPT_PARENT = "interrupt-parent";
  private static final int PPI = 1;
  private static final int MASK_SHIFT = 8;
  private static final int MASKED_CPUS = 8;

  private TreeSize() {}

  /** The number of CPUs of a tree. */
  static int cpus(Fdt tree) {
    return processors(tree).size();
  }

  private static List<FdtNode> processors(Fdt tree) {
    return tree.node("/cpus").map(cpus -> cpus.children().stream().filter(c -> isType(c, "cpu")).toList()).orElse(List.of());
  }

  /**
   * A tree with so many CPUs: the last ones go, or the last one is cloned with the next addresses.
   *
   * @param masks whether interrupts of a GICv2 that all CPUs have (devicetree binding arm,gic: bits 15:8 of the flags of a private
   *              interrupt name CPUs) are those of all CPUs afterwards, too
   */
  static Fdt withCpus(Fdt tree, int wanted, boolean masks) {
    List<FdtNode> all = processors(tree);
    if (wanted == all.size() || all.isEmpty()) {
      return tree;
    }
    Fdt sized = tree.edit("/cpus", cpus -> {
      List<FdtNode> children = new ArrayList<>(cpus.children());
      all.subList(Math.min(wanted, all.size()), all.size()).forEach(children::remove);
      int at = children.indexOf(all.get(Math.min(wanted, all.size()) - 1)) + 1;
      for (int i = all.size(); i < wanted; i++) {
        children.add(at++, clone(all.getLast(), i - all.size() + 1));
      }
      return new FdtNode(cpus.name(), cpus.properties(), children);
    });
    int before = mask(all.size());
    return masks && before != 0 ? sized.withRoot(masked(sized.root(), sized.index(), 0, before, mask(wanted))) : sized;
  }

  private static FdtNode clone(FdtNode cpu, int further) {
    int[] reg = cpu.property(REG).map(FdtProperty::cells).orElse(new int[] {0});
    reg[reg.length - 1] += further;
    long address = reg.length == 1 ? reg[0] & 0xFFFF_FFFFL : (long) reg[0] << 32 | reg[1] & 0xFFFF_FFFFL;
    FdtNode copy = new FdtNode(cpu.baseName() + "@" + Long.toHexString(address), cpu.properties(), cpu.children());
    return copy.withProperty(FdtProperty.ofCells(REG, reg)).withoutProperty("phandle").withoutProperty("linux,phandle");
  }

  private static int mask(int cpus) {
    return cpus > MASKED_CPUS ? 0 : (1 << cpus) - 1;
  }

  private static FdtNode masked(FdtNode node, FdtIndex index, int inherited, int before, int after) {
    int parent = node.property(INTERRUPT_PARENT).filter(p -> p.length() == 4).map(p -> p.cell(0)).orElse(inherited);
    Optional<FdtProperty> interrupts = node.property(INTERRUPTS).filter(p -> p.length() % 12 == 0 && isGic(index, parent));
    FdtNode changed = node;
    if (interrupts.isPresent()) {
      int[] cells = interrupts.get().cells();
      for (int i = 0; i < cells.length; i += 3) {
        if (cells[i] == PPI && (cells[i + 2] >>> MASK_SHIFT & 0xFF) == before) {
          cells[i + 2] = cells[i + 2] & ~(0xFF << MASK_SHIFT) | after << MASK_SHIFT;
        }
      }
      changed = node.withProperty(FdtProperty.ofCells(INTERRUPTS, cells));
    }
    List<FdtNode> children = changed.children().stream().map(c -> masked(c, index, parent, before, after)).toList();
    return new FdtNode(changed.name(), changed.properties(), children);
  }

  private static boolean isGic(FdtIndex index, int phandle) {
    Optional<FdtNode> controller = index.byPhandle(phandle);
    return controller.isPresent() && controller.get().property("#interrupt-cells").filter(p -> p.length() == 4 && p.cell(0) == 3)
        .isPresent() && controller.get().property("compatible").filter(FdtProperty::looksLikeStrings)
            .filter(p -> p.strings().stream().anyMatch(name -> name.contains("gic"))).isPresent();
  }

  /**
   * A tree whose first memory bank has another size, the only one. Where the tree's root says that addresses are something else's ({@link #HOLE}), the
   * memory goes on behind them.
   *
   * @return empty if the tree has no bank whose base could be taken, or its cells don't hold the size
   */
  static Optional<Fdt> withMemory(Fdt tree, long bytes) {
    List<FdtNode> banks = tree.root().children().stream().filter(n -> isType(n, "memory")).toList();
    int addressCells = cell(tree, "#address-cells", 2);
    int sizeCells = cell(tree, "#size-cells", 1);
    Optional<FdtProperty> reg = banks.isEmpty() ? Optional.empty() : banks.getFirst().property(REG);
    if (addressCells < 1 || addressCells > 2 || sizeCells < 1 || sizeCells > 2 || reg.isEmpty()
        || reg.get().length() < 4 * (addressCells + sizeCells)) {
      return Optional.empty();
    }
    long base = addressCells == 1 ? reg.get().cell(0) & 0xFFFF_FFFFL : (long) reg.get().cell(0) << 32 | reg.get().cell(1) & 0xFFFF_FFFFL;
    List<Long> pieces = pieces(tree, base, bytes);
    int[] cells = new int[pieces.size() / 2 * (addressCells + sizeCells)];
    for (int i = 0, at = 0; i < pieces.size(); i++) {
      long number = pieces.get(i);
      int width = i % 2 == 0 ? addressCells : sizeCells;
      if (width == 1 && number >>> 32 != 0) {
        return Optional.empty();
      }
      if (width == 2) {
        cells[at++] = (int) (number >>> 32);
      }
      cells[at++] = (int) number;
    }
    List<FdtNode> children = new ArrayList<>(tree.root().children());
    children.removeAll(banks.subList(1, banks.size()));
    children.set(children.indexOf(banks.getFirst()), banks.getFirst().withProperty(FdtProperty.ofCells(REG, cells)));
    return Optional.of(tree.withRoot(new FdtNode("", tree.root().properties(), children)));
  }

  /** Base and size of each piece of so much memory. */
  private static List<Long> pieces(Fdt tree, long base, long bytes) {
    Optional<FdtProperty> hole = tree.root().property(HOLE).filter(p -> p.length() == 16);
    if (hole.isPresent()) {
      long from = hole.get().number(0, 2);
      long below = from - base;
      if (below > 0 && bytes > below) {
        return List.of(base, below, hole.get().number(2, 2), bytes - below);
      }
    }
    return List.of(base, bytes);
  }

  private static int cell(Fdt tree, String property, int otherwise) {
    return tree.root().property(property).filter(p -> p.length() == 4).map(p -> p.cell(0)).orElse(otherwise);
  }

  private static boolean isType(FdtNode node, String type) {
    byte[] wanted = (type + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return node.property("device_type").map(p -> java.util.Arrays.equals(p.value(), wanted)).orElse(false);
  }
}
