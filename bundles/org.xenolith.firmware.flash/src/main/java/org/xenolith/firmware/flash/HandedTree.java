// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.util.List;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.BoardDescription;

/**
 * Firmware in flash is told of its board by the tree, and tells others in its own way.
 *
 * @param tree what the firmware is given
 */
record HandedTree(Fdt tree) implements BoardDescription {
  @Override
  public List<MemoryRange> reserved() {
    return List.of();
  }

  @Override
  public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
    return tree;
  }
}
