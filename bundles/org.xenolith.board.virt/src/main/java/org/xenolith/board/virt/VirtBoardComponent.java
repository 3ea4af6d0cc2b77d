// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.BoardProvider;

/** Offers the board {@code virt}. */
@Component(service = BoardProvider.class, property = "xenolith.board=virt")
public final class VirtBoardComponent implements BoardProvider {
  @Override
  public String name() {
    return "virt";
  }

  @Override
  public String summary() {
    return "memory map and devices of QEMU's virt machine: GIC 2 or 3, 1 to 8 CPUs, 32 virtio-mmio slots";
  }

  @Override
  public Fdt tree(BoardRequest request) {
    return VirtTree.of(VirtOptions.of(request));
  }
}
