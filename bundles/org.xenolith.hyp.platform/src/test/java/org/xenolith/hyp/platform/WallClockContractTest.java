// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.PlatformOp;

class WallClockContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_platform_op;
  }

  @Override
  protected String role() {
    return "platform";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new WallClockComponent();
  }

  @Override
  protected long frame(FakeDomain caller, int operation, long address) {
    PlatformArgument frame = new PlatformArgument();
    frame.at(caller.memory(), address);
    frame.cmd(operation);
    frame.interfaceVersion(PlatformOp.XENPF_INTERFACE_VERSION);
    return address + PlatformArgument.ARGUMENT;
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), address);
  }
}
