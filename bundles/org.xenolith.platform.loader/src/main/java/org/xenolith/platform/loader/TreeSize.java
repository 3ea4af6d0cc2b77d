// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** Gives any tree another number of CPUs. */
final class TreeSize {
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

  private static boolean isType(FdtNode node, String type) {
    byte[] wanted = (type + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return node.property("device_type").map(p -> java.util.Arrays.equals(p.value(), wanted)).orElse(false);
  }
}
