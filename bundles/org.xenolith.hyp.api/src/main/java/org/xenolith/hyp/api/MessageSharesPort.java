// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.machine.api.RolePort;
import org.xenolith.platform.api.AddressWindow;

/** Port of message controllers' shares. Without a provider, or a policy that allows them, there are none. */
public final class MessageSharesPort extends RolePort<MessageShares> implements MessageShares {
  @Override
  public boolean covers(HostBridgePort bridge, int rid) {
    return ask(false, shares -> shares.covers(bridge, rid));
  }

  @Override
  public Frame share(Domain domain) {
    return ask((Frame) null, shares -> shares.share(domain));
  }

  @Override
  public Frame facts(Domain domain) {
    return ask((Frame) null, shares -> shares.facts(domain));
  }

  @Override
  public List<Integer> kept() {
    return ask(List.of(), MessageShares::kept);
  }

  @Override
  public List<AddressWindow> withheld() {
    return ask(List.of(), MessageShares::withheld);
  }
}
