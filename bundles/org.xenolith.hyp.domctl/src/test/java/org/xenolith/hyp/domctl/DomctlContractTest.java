// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.HypercallNumber;

class DomctlContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_domctl;
  }

  @Override
  protected String role() {
    return "domctl";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new DomctlComponent();
  }

  @Override
  protected long frame(FakeDomain caller, int operation, long address) {
    Domctl frame = new Domctl();
    frame.at(caller.memory(), address);
    frame.cmd(operation);
    frame.interfaceVersion(ControlOp.XEN_DOMCTL_INTERFACE_VERSION);
    return address + Domctl.ARGUMENT;
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), address);
  }
}
