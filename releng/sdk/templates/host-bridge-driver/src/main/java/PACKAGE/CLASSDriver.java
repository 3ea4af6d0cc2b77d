// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

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
 * Drives bridges of this kind while it is there. Their configuration space is an ECAM but for one defect, so {@link EcamBridge} does
 * the rest; a bridge that makes its cycles otherwise is a {@link HostBridge} of its own.
 */
final class @CLASS@Driver implements DeviceModel, HostBridgeDriver {
  /** A driver that has to remember something, such as an address that the hardware domain wrote, declares it here. */
  private final DeviceState state = new DeviceState();
  private final HostBridgesPort bridges;
  private final boolean wordReads;

  @CLASS@Driver(DeviceContext context) {
    wordReads = context.options().flag(@CLASS@DriverComponent.WORD_READS);
    bridges = context.port(HostBridgesPort.class);
    bridges.claim(this, context);
  }

  @Override public List<String> compatible() {
    return List.of("@VENDOR@,@NAME@");
  }

  @Override public HostBridge open(PlatformNode node, PhysicalBus bus) {
    return new EcamBridge(node, wordReads ? new @CLASS@Words(bus) : bus, EcamBridge.ECAM, rid -> true);
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() { }

  @Override public void removed() {
    bridges.release(this);
  }
}
