// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import org.xenolith.xen.abi.HypercallNumber;

class EventQueryContractTest extends QueryContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_event_channel_op;
  }
}
