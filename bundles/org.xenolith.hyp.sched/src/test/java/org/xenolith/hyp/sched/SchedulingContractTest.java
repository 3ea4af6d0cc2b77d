// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class SchedulingContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_sched_op;
  }

  @Override
  protected String role() {
    return "sched";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new SchedulingComponent();
  }
}
