// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.Sysctl;

class SystemControlContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_sysctl;
  }

  @Override
  protected String role() {
    return "sysctl";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new SysctlComponent();
  }

  @Override
  protected long frame(FakeDomain caller, int operation, long address) {
    Sysctl frame = new Sysctl();
    frame.at(caller.memory(), address);
    frame.cmd(operation);
    frame.interfaceVersion(ControlOp.XEN_SYSCTL_INTERFACE_VERSION);
    return address + Sysctl.ARGUMENT;
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), address);
  }
}
