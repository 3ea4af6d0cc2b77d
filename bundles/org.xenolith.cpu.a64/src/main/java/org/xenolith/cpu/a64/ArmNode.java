// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.Optional;
import java.util.Set;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.a64.arch.Granule;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/** What a CPU node of the tree says of an Arm CPU. */
final class ArmNode {
  /** The affinity fields that a CPU node's reg holds (devicetree binding arm/cpus). */
  private static final long AFFINITY = 0xFF_00FF_FFFFL;

  private ArmNode() {}

  /**
   * The CPU that a node describes: that one with the node's affinity and options.
   *
   * @param named whether somebody asked for it by name: then it has its own granules
   * @throws ModelException if the node's {@code reg} is no affinity, an option's value none of its values, or the CPU hasn't the level that is asked for
   */
  static CpuConfig config(PlatformNode node, DeviceOptions options, CpuModel model, boolean named) {
    boolean el2 = options.flag("el2") || options.flag("virtualization");
    boolean el3 = options.flag("el3");
    if (el2 && !model.el2() || el3 && !model.el3()) {
      throw new ModelException(node.path() + ": " + model.name() + " has no EL" + (el2 && !model.el2() ? 2 : 3)
          + "; leave the option out, or choose another CPU");
    }
    return CpuConfig.of(affinity(node), model).withLse(model.lse() || options.flag("lse")).withPan(model.pan() || options.flag("pan"))
        .withLevels(el2, el3).withGranules(granules(node, options, named ? Optional.of(model) : Optional.empty()));
  }

  private static Set<Granule> granules(PlatformNode node, DeviceOptions options, Optional<CpuModel> named) {
    try {
      return Granule.of(options.text(Granule.OPTION), named);
    } catch (IllegalArgumentException e) {
      throw new ModelException(node.path() + ": option " + Granule.OPTION + ": " + e.getMessage());
    }
  }

  private static long affinity(PlatformNode node) {
    int[] cells;
    try {
      cells = node.property("reg").map(FdtProperty::cells).orElse(new int[0]);
    } catch (FdtException e) {
      throw new ModelException(node.path() + ": " + e.getMessage());
    }
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
}
