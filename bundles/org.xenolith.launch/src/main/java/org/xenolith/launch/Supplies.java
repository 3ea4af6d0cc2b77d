// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * What devices that have a model get from hardware that has none: clocks, pins, power domains and resets. A model needs none of them, but an
 * operating system waits for each, and never opens the device. So for the guest such a clock is a fixed one, and the others aren't in the tree:
 * they are as the board's firmware has left them, on.
 */
final class Supplies {
  /** What the model of an ARM PL011 counts with, and what is usual for others. */
  private static final int HERTZ = 24_000_000;
  /** The same of NS16550s without clock-frequency: that of the PC's. */
  private static final int NS16550_HERTZ = 1_843_200;
  private static final Set<String> NS16550 = Set.of("ns16550", "ns16550a", "snps,dw-apb-uart");
  private static final String CLOCKS = "clocks";
  private static final String CLOCK_CELLS = "#clock-cells";
  private static final String FREQUENCY = "clock-frequency";
  private static final String PHANDLE = "phandle";
  private static final String NAMES = "-names";

  private final FdtIndex index;
  private final Set<String> missing;
  /** Phandles of the clocks that are made, by their rate. */
  private final Map<Integer, Integer> made = new TreeMap<>();
  private final List<String> changed = new ArrayList<>();
  private final Fdt result;
  private int nextPhandle = 1;

  /**
   * Looks at a tree.
   *
   * @param modelled paths of the nodes that have a model
   * @param missing  paths of those that have registers and no model
   */
  Supplies(Fdt tree, Collection<String> modelled, Collection<String> missing) {
    index = tree.index();
    this.missing = Set.copyOf(missing);
    Set<String> served = new HashSet<>(modelled);
    Fdt edited = tree;
    for (Map.Entry<String, FdtNode> entry : index.byPath().entrySet()) {
      FdtNode node = served.contains(entry.getKey()) ? supplied(entry.getValue()) : entry.getValue();
      if (node != entry.getValue()) {
        changed.add(entry.getKey());
        edited = edited.edit(entry.getKey(), before -> withProperties(before, node));
      }
    }
    for (Map.Entry<Integer, Integer> clock : made.entrySet()) {
      edited = edited.withRoot(edited.root().withChild(new FdtNode("stand-in-clock-" + clock.getKey(), List.of(
          FdtProperty.ofStrings("compatible", "fixed-clock"), FdtProperty.ofCells(CLOCK_CELLS, 0),
          FdtProperty.ofCells(FREQUENCY, clock.getKey()), FdtProperty.ofCells(PHANDLE, clock.getValue())), List.of())));
    }
    result = edited;
  }

  /** The tree in which no device waits for what isn't there. */
  Fdt tree() {
    return result;
  }

  /** What is said of it; empty if nothing is missing. */
  Optional<String> text() {
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    String more = changed.size() == 1 ? " gets" : " and " + (changed.size() - 1) + " other devices get";
    return Optional.of(changed.getFirst() + more + " clocks, pins, power or resets from hardware without a model: for the guest such clocks"
        + " are fixed" + (made.isEmpty() ? "" : ", of " + String.join(" or ", made.keySet().stream().map(String::valueOf).toList()) + " Hz")
        + ", and the others are left out of its tree, as if they were always on");
  }

  /** The children are looked at by themselves, and may have been changed already. */
  private static FdtNode withProperties(FdtNode node, FdtNode other) {
    return new FdtNode(node.name(), other.properties(), node.children());
  }

  private FdtNode supplied(FdtNode node) {
    FdtNode edited = node;
    Optional<FdtProperty> clocks = node.property(CLOCKS);
    if (clocks.isPresent() && isCells(clocks.get()) && suppliers(clocks.get(), CLOCK_CELLS).anyMatch(this::isGone)) {
      edited = edited.withProperty(FdtProperty.ofCells(CLOCKS, clocks(clocks.get().cells(), rate(node))));
    }
    edited = without(edited, "assigned-clocks", CLOCK_CELLS, name -> name.startsWith("assigned-clock"));
    edited = without(edited, "assigned-clock-parents", CLOCK_CELLS, name -> name.startsWith("assigned-clock"));
    edited = without(edited, "power-domains", "#power-domain-cells", name -> name.startsWith("power-domain"));
    edited = without(edited, "resets", "#reset-cells", name -> name.equals("resets") || name.equals("reset" + NAMES));
    for (int state = 0; edited.has("pinctrl-" + state); state++) {
      edited = without(edited, "pinctrl-" + state, "", name -> name.startsWith("pinctrl-"));
    }
    return edited;
  }

  /** Without the properties whose names are so, if a supplier that one of them names is gone. */
  private FdtNode without(FdtNode node, String property, String cells, Predicate<String> related) {
    Optional<FdtProperty> references = node.property(property);
    if (references.isEmpty() || !isCells(references.get()) || suppliers(references.get(), cells).noneMatch(this::isGone)) {
      return node;
    }
    FdtNode less = node;
    for (FdtProperty each : node.properties()) {
      less = related.test(each.name()) ? less.withoutProperty(each.name()) : less;
    }
    return less;
  }

  private static boolean isCells(FdtProperty property) {
    return property.length() % Integer.BYTES == 0;
  }

  /** Suppliers that a list of references names. @param cells property of a supplier that says how long its specifier is; empty for none */
  private Stream<FdtNode> suppliers(FdtProperty references, String cells) {
    List<FdtNode> all = new ArrayList<>();
    int[] values = references.cells();
    for (int i = 0; i < values.length; i++) {
      Optional<FdtNode> supplier = index.byPhandle(values[i]);
      if (supplier.isPresent()) {
        all.add(supplier.get());
        i += cells.isEmpty() ? 0 : length(supplier.get(), cells, values.length);
      } else if (values[i] != 0) {
        break;
      }
    }
    return all.stream();
  }

  private static int length(FdtNode supplier, String cells, int most) {
    return supplier.property(cells).filter(value -> value.length() == Integer.BYTES).map(value -> (int) Math.clamp(value.u32(), 0, most))
        .orElse(0);
  }

  /** Whether a supplier has no model, as what it is a part of, or, of a clock without registers, what it is made from. */
  private boolean isGone(FdtNode supplier) {
    return isGone(supplier, new HashSet<>());
  }

  private boolean isGone(FdtNode supplier, Set<FdtNode> seen) {
    for (Optional<FdtNode> at = Optional.of(supplier); at.isPresent(); at = index.parentOf(at.get())) {
      if (missing.contains(index.pathOf(at.get()))) {
        return true;
      }
    }
    return seen.add(supplier) && !supplier.has("reg") && supplier.property(CLOCKS).filter(Supplies::isCells).stream()
        .flatMap(clocks -> suppliers(clocks, CLOCK_CELLS)).anyMatch(source -> isGone(source, seen));
  }

  /** References to clocks, those to what is gone led to a fixed one. */
  private int[] clocks(int[] cells, int rate) {
    List<Integer> led = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      Optional<FdtNode> supplier = index.byPhandle(cells[i]);
      int length = supplier.map(node -> length(node, CLOCK_CELLS, cells.length)).orElse(0);
      if (supplier.isPresent() && isGone(supplier.get())) {
        led.add(made.computeIfAbsent(rate, hertz -> phandle()));
      } else {
        for (int k = i; k <= i + length && k < cells.length; k++) {
          led.add(cells[k]);
        }
      }
      i += length;
    }
    return led.stream().mapToInt(Integer::intValue).toArray();
  }

  /** One that no node has. */
  private int phandle() {
    while (index.byPhandle(nextPhandle).isPresent()) {
      nextPhandle++;
    }
    return nextPhandle++;
  }

  private static int rate(FdtNode node) {
    boolean ns16550 = node.property("compatible").map(FdtProperty::strings).stream().flatMap(List::stream).anyMatch(NS16550::contains);
    return node.property(FREQUENCY).filter(value -> value.length() == Integer.BYTES && value.cell(0) > 0).map(value -> value.cell(0))
        .orElse(ns16550 ? NS16550_HERTZ : HERTZ);
  }
}
