// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

class GrantQueryContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_grant_table_op;
  }

  @Override
  protected String role() {
    return "queries";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new QueriesComponent();
  }

  /** Somebody who serves the hypercall and knows no number of it. */
  @Override
  protected void complete() {
    FakeContext owner = hyp.context(role());
    hyp.port(HypercallsPort.class).claim(number(), call -> -XenErrno.XEN_ENOSYS, owner);
  }

  @Override
  protected long call(FakeDomain caller, int operation, long address) {
    return caller.vcpu(0).call(number(), operation, address, 1);
  }
}
