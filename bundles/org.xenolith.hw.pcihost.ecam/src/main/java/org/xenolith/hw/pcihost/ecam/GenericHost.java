// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/**
 * A host bridge whose configuration space is a window: in ECAM bus, device and function are address bits 27:20 and 19:12, in CAM 23:16
 * and 15:8, from the first bus of {@code bus-range}. It has no registers and thus no state, but for the address port of a PC's.
 */
final class GenericHost implements DeviceModel {
  private static final int ECAM_SHIFT = 20;
  private static final int CAM_SHIFT = 16;

  private final DeviceState state = new DeviceState();
  private final PciHost host;

  GenericHost(DeviceContext context) {
    host = new PciHost(context);
    boolean cam = context.node().isCompatible("pci-host-cam-generic");
    context.bus().window(0, AccessRule.UP_TO_WORD, host.ecam(cam ? CAM_SHIFT : ECAM_SHIFT));
    int configuration = (int) context.node().windows().get(0).size();
    state.shows("configuration", List.of(ListedRegister.of("configuration spaces", 0, configuration, "PCI Express Base 4.0, 7.2.2").saidBy(
        GenericHost.class)),
        spaces -> OptionalLong.empty());
    if (context.bus().windows() > 1 && context.node().windows().get(1).ports()) {
      context.bus().window(1, AccessRule.UP_TO_WORD, new ConfigurationPorts(host.ecam(ECAM_SHIFT), host.firstBus(), state.cell("address",
          0)));
    }
    host.claimRanges();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    host.removed();
  }
}
