// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class ParameterContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_hvm_op;
  }

  @Override
  protected String role() {
    return "hvm";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new ParameterComponent();
  }
}
