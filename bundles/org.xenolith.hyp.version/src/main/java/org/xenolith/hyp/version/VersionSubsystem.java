// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;

/** Has no state: everything it says is fixed, or the domain's own. */
final class VersionSubsystem implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final SubOperations version;
  private final AssistCalls assist = new AssistCalls();

  VersionSubsystem(DeviceContext context) {
    hypercalls = context.port(HypercallsPort.class);
    version = VersionCalls.of(context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_xen_version, version, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_vm_assist, assist, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_xen_version, version);
    hypercalls.release(HypercallNumber.__HYPERVISOR_vm_assist, assist);
  }
}
