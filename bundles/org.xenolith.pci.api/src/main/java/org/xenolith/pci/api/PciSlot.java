// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;

/**
 * Where a function is plugged in: its parent's bus and its place on it, by its node's {@code reg} (IEEE 1275 PCI bus binding 2.1:
 * the first cell has the device in 15:11 and the function in 10:8).
 *
 * @param bus   the bus
 * @param devfn device 7:3, function 2:0
 */
public record PciSlot(PciBusPort bus, int devfn) {
  /**
   * The place of a context's node.
   *
   * @throws ModelException if the node has no {@code reg}
   */
  public static PciSlot of(DeviceContext context) {
    int high = context.node().property("reg").filter(p -> p.length() >= 4).map(p -> p.cell(0))
        .orElseThrow(() -> new ModelException(context.instance()
            + ": reg: expected a PCI address, whose first cell is DEVICE << 11 | FUNCTION << 8"));
    return new PciSlot(context.port(context.node().parent(), PciBusPort.class), high >>> 8 & 0xFF);
  }
}
