// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class GrantContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_grant_table_op;
  }

  @Override
  protected String role() {
    return "grant";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new GrantComponent();
  }

  /** A list of one. */
  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, address, 1);
  }
}
