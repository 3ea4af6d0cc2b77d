// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.dw;

import java.util.List;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * DesignWare cores as ECAM: cycles of type 0 aren't filtered by device, so that the one device on the root bus answers 32 times. The
 * driver asks for device 0 only.
 */
final class DesignWareDriver implements DeviceModel, HostBridgeDriver {
  private static final int DEVICE = 0xF8;

  private final DeviceState state = new DeviceState();
  private final HostBridgesPort bridges;
  private final boolean hideGhosts;

  DesignWareDriver(DeviceContext context) {
    hideGhosts = context.options().flag(DesignWareDriverComponent.HIDE_GHOSTS);
    bridges = context.port(HostBridgesPort.class);
    bridges.claim(this, context);
  }

  @Override
  public List<String> compatible() {
    return List.of("marvell,armada8k-pcie-ecam", "socionext,synquacer-pcie-ecam", "snps,dw-pcie-ecam");
  }

  @Override
  public HostBridge open(PlatformNode node, PhysicalBus bus) {
    int root = EcamBridge.buses(node)[0];
    return new EcamBridge(node, bus, EcamBridge.ECAM, rid -> !hideGhosts || rid >>> 8 != root || (rid & DEVICE) == 0);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    bridges.release(this);
  }
}
