// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rootport;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.regs.DeviceState;

/** A root port: a PCI-to-PCI bridge whose link is up. */
final class RootPort implements DeviceModel {
  /** Red Hat's ids for QEMU's generic root port, so that drivers treat it alike (QEMU, docs/specs/pci-ids). */
  private static final int VENDOR = 0x1B36;
  private static final int DEVICE = 0x000C;
  private static final int PCI_BRIDGE = 0x06_0400;

  private final DeviceState state = new DeviceState();
  private final PciBridge bridge;

  RootPort(DeviceContext context) {
    bridge = new PciBridge(context, state, ConfigTable.bridge(VENDOR, DEVICE, PCI_BRIDGE, 0).pin(1)
        .capability(Capability.powerManagement(true)).capability(Capability.express(Capability.Express.ROOT_PORT))
        .capability(Capability.advancedErrors(true)).capability(Capability.accessControl()).build());
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    bridge.reset();
  }

  @Override
  public void restored() {
    bridge.restored();
  }

  @Override
  public void removed() {
    bridge.removed();
  }
}
