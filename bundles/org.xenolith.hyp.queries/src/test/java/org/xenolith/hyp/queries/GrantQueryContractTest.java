// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.HypercallNumber;

class GrantQueryContractTest extends QueryContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_grant_table_op;
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, address, 1);
  }
}
