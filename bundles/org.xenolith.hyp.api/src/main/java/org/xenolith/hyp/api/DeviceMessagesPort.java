// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.OptionalInt;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of interrupt translation. Without a provider no domain has an ITS, and messages to the machine's raise nothing. */
public final class DeviceMessagesPort extends RolePort<DeviceMessages> implements DeviceMessages {
  @Override
  public OptionalInt device(HostBridgePort bridge, int rid) {
    return ask(OptionalInt.empty(), its -> its.device(bridge, rid));
  }

  @Override
  public int give(int device, Domain domain, int guestDevice) {
    return ask(-XenErrno.XEN_ENOSYS, its -> its.give(device, domain, guestDevice));
  }

  @Override
  public void take(int device) {
    tell(its -> its.take(device));
  }

  @Override
  public Its its(Domain domain) {
    return ask((Its) null, its -> its.its(domain));
  }

  @Override
  public Its facts(Domain domain) {
    return ask((Its) null, its -> its.facts(domain));
  }
}
