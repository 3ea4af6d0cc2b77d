// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vcpu;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

class VcpuContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_vcpu_op;
  }

  @Override
  protected String role() {
    return "vcpu";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new VcpuComponent();
  }

  @Override
  protected int unknown() {
    return -XenErrno.XEN_EINVAL;
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, 0, address);
  }
}
