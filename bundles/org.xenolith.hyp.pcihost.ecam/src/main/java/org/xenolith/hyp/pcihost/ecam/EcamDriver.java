// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.ecam;

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

/** Generic host bridges have no registers, and the driver thus no state. */
final class EcamDriver implements DeviceModel, HostBridgeDriver {
  private static final String ECAM = "pci-host-ecam-generic";
  private static final String CAM = "pci-host-cam-generic";

  private final DeviceState state = new DeviceState();
  private final HostBridgesPort bridges;

  EcamDriver(DeviceContext context) {
    bridges = context.port(HostBridgesPort.class);
    bridges.claim(this, context);
  }

  @Override
  public List<String> compatible() {
    return List.of(ECAM, CAM);
  }

  @Override
  public HostBridge open(PlatformNode node, PhysicalBus bus) {
    return new EcamBridge(node, bus, node.isCompatible(ECAM) ? EcamBridge.ECAM : EcamBridge.CAM, rid -> true);
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
