// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.xenolith.cpu.arch.CpuConfig;
import org.xenolith.cpu.arch.Granule;
import org.xenolith.fdt.FdtException;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/** What a CPU node of the tree says of its CPU. */
final class CpuNode {
  /** The affinity fields that a CPU node's reg holds (devicetree binding arm/cpus). */
  private static final long AFFINITY = 0xFF_00FF_FFFFL;
  private static final List<String> OPTIONS = List.of("lse", "pan", "el2", "el3", Granule.OPTION);

  private CpuNode() {}

  /** The CPU that a node describes: a Cortex-A57 with the node's affinity and options. */
  static CpuConfig config(PlatformNode node) {
    TreeSet<String> unknown = new TreeSet<>(node.options().keySet());
    OPTIONS.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new ModelException(node.path() + ": no option " + unknown + "; a CPU has " + OPTIONS);
    }
    CpuConfig config = CpuConfig.cortexA57(affinity(node));
    config = config.withLse(option(node, "lse")).withPan(option(node, "pan"));
    return config.withLevels(option(node, "el2"), option(node, "el3")).withGranules(granules(node));
  }

  private static Set<Granule> granules(PlatformNode node) {
    try {
      return Granule.of(node.options());
    } catch (IllegalArgumentException e) {
      throw new ModelException(node.path() + ": option " + Granule.OPTION + ": " + e.getMessage());
    }
  }

  private static boolean option(PlatformNode node, String name) {
    String value = node.options().getOrDefault(name, "false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ModelException(node.path() + ": option " + name + ": expected true or false, got " + value);
    };
  }

  private static long affinity(PlatformNode node) {
    int[] cells = read(node, () -> node.property("reg").map(p -> p.cells()).orElse(new int[0]));
    if (cells.length < 1 || cells.length > 2) {
      throw new ModelException(node.path() + ": reg: expected 1 or 2 cells with the CPU's MPIDR, got " + cells.length);
    }
    long affinity = cells[cells.length - 1] & 0xFFFF_FFFFL;
    if (cells.length == 2) {
      affinity |= (long) cells[0] << 32;
    }
    if ((affinity & ~AFFINITY) != 0) {
      throw new ModelException(node.path() + ": reg: 0x%x is no MPIDR affinity".formatted(affinity));
    }
    return affinity;
  }

  /** The node's {@code enable-method}, or an empty string. */
  static String enableMethod(PlatformNode node) {
    return read(node, () -> node.property("enable-method").map(p -> p.strings().getFirst()).orElse(""));
  }

  /** What a property says; one that can't be understood is the user's to mend. */
  private static <T> T read(PlatformNode node, Supplier<T> property) {
    try {
      return property.get();
    } catch (FdtException e) {
      throw new ModelException(node.path() + ": " + e.getMessage());
    }
  }

  /** Whether a node describes a CPU. */
  static boolean is(PlatformNode node) {
    return node.property("device_type").map(p -> p.string().equals("cpu")).orElse(false);
  }
}
