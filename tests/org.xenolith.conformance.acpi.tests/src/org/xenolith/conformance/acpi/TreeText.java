// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** What a tree says of hardware, as texts by names that don't depend on nodes' names, their order and the numbers of phandles. */
final class TreeText {
  /** Names, numbers and addresses that say nothing by themselves, or are said as windows and interrupts. */
  private static final Set<String> OWN = Set.of("phandle", "compatible", "reg", "interrupts", "interrupt-parent", "#address-cells",
      "#size-cells", "device_type");
  /** Cells of a row, and in which of them a phandle is. */
  private static final Map<String, int[]> REFERENCES = Map.of("interrupt-map", new int[] {10, 4}, "msi-map", new int[] {4, 1}, "iommu-map",
      new int[] {4, 1}, "msi-parent", new int[] {1, 0}, "clocks", new int[] {1, 0}, "gpios", new int[] {3, 0});

  private final Platform platform;
  private final Map<String, String> facts = new TreeMap<>();

  private TreeText(Platform platform) {
    this.platform = platform;
  }

  static Map<String, String> of(Platform platform) {
    TreeText text = new TreeText(platform);
    platform.nodes().stream().filter(PlatformNode::enabled).forEach(text::add);
    return text.facts;
  }

  private static String name(PlatformNode node) {
    String base = node.windows().isEmpty() ? "" : "@" + Long.toHexString(node.windows().getFirst().base());
    String what = node.compatible().isEmpty() ? node.path() : node.compatible().getFirst();
    return (node.property("device_type").map(FdtProperty::string).filter("cpu"::equals).isPresent() ? node.path() : what) + base;
  }

  private void add(PlatformNode node) {
    String name = name(node);
    facts.put(name + " is", String.join(", ", node.compatible()));
    if (!node.windows().isEmpty()) {
      facts.put(name + " windows", node.windows().toString());
    }
    if (!node.interrupts().isEmpty()) {
      facts.put(name + " interrupts", node.interrupts().stream().map(each -> Arrays.toString(each.cells())).toList().toString());
    }
    for (FdtProperty property : node.properties()) {
      if (!OWN.contains(property.name())) {
        facts.put(name + " " + property.name(), value(property));
      }
    }
  }

  private String value(FdtProperty property) {
    int[] row = REFERENCES.get(property.name());
    if (row == null) {
      return property.isFlag() ? "yes" : HexFormat.of().formatHex(property.value());
    }
    List<String> cells = new ArrayList<>();
    for (int at = 0; at < property.cellCount(); at++) {
      cells.add(at % row[0] == row[1] ? platform.byPhandle(property.cell(at)).map(TreeText::name).orElse("nobody")
          : Integer.toHexString(property.cell(at)));
    }
    return String.join(" ", cells);
  }

  /** Lines {@code name: one | other} where they differ; {@code -}: there is none. */
  static List<String> differences(Map<String, String> one, Map<String, String> other) {
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names.stream().filter(name -> !one.getOrDefault(name, "-").equals(other.getOrDefault(name, "-")))
        .map(name -> name + ": " + one.getOrDefault(name, "-") + " | " + other.getOrDefault(name, "-")).toList();
  }
}
