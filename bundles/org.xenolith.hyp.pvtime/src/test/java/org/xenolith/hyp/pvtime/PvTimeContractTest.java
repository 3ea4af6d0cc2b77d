// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class PvTimeContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_vcpu_op;
  }

  @Override
  protected String role() {
    return "pvtime";
  }

  @Override
  protected void prepare() {
    PvTimeStand.of(hyp, 1, 1_000_000_000);
    hyp.install("vcpu", PvTimeStand.nothing());
  }

  @Override
  protected DeviceModelFactory factory() {
    return new PvTimeComponent();
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, 0, address);
  }
}
