// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import org.xenolith.hyp.api.P2mPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class MemoryContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_memory_op;
  }

  @Override
  protected String role() {
    return "p2m";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new P2mComponent();
  }

  /** The domains have their memory from before. */
  @Override
  protected void complete() {
    hyp.port(P2mPort.class).attach(hyp.p2m(), hyp.context(role()));
  }
}
