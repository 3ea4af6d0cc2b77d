// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class EventChannelContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_event_channel_op;
  }

  @Override
  protected String role() {
    return "evtchn";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new EventChannelComponent();
  }
}
