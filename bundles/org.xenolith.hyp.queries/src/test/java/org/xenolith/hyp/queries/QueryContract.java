// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.XenErrno;

/** What hypercalls keep to, for a query that is added to one of another's. */
abstract class QueryContract extends HypercallContract {
  @Override
  protected final String role() {
    return "queries";
  }

  @Override
  protected final DeviceModelFactory factory() {
    return new QueriesComponent();
  }

  /** Somebody who serves the hypercall and knows no number of it. */
  @Override
  protected final void complete() {
    hyp.port(HypercallsPort.class).claim(number(), call -> -XenErrno.XEN_ENOSYS, hyp.context(role()));
  }
}
