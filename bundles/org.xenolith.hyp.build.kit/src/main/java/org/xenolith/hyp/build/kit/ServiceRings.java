// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.HvmParam;

/**
 * A new domain's pages and ports of console and store, whose other end is the service domain; the domain finds them by its parameters
 * (public header {@code hvm/params.h}).
 */
public final class ServiceRings {
  private final EventChannelsPort channels;
  private final GrantsPort grants;
  private final StorePort store;

  /** For domains that a subsystem builds. */
  public ServiceRings(DeviceContext subsystem) {
    channels = subsystem.port(EventChannelsPort.class);
    grants = subsystem.port(GrantsPort.class);
    store = subsystem.port(StorePort.class);
  }

  /** Connects a domain by two frames of its own; without the subsystems for it, it runs without, and the hypervisor's log says so. */
  public void connect(NewDomain made, long consoleFrame, long storeFrame) {
    offer(made, "console", GrantFlag.GNTTAB_RESERVED_CONSOLE, consoleFrame, HvmParam.HVM_PARAM_CONSOLE_PFN,
        HvmParam.HVM_PARAM_CONSOLE_EVTCHN);
    int port = offer(made, "store", GrantFlag.GNTTAB_RESERVED_XENSTORE, storeFrame, HvmParam.HVM_PARAM_STORE_PFN,
        HvmParam.HVM_PARAM_STORE_EVTCHN);
    if (port > 0) {
      int answer = store.introduce(made.domain(), storeFrame, port);
      if (answer != 0) {
        made.missing("the store doesn't serve it: " + NewDomain.reason(answer));
      }
    }
  }

  private int offer(NewDomain made, String what, int reference, long frame, int frameParameter, int portParameter) {
    Domain domain = made.domain();
    int port = channels.allocateUnbound(domain, ServiceEventsPort.DOMID);
    if (port <= 0) {
      made.missing("no event channel for its " + what + ": " + NewDomain.reason(port));
      return port;
    }
    grants.grant(domain, reference, ServiceEventsPort.DOMID, frame);
    domain.parameter(frameParameter, frame);
    domain.parameter(portParameter, port);
    return port;
  }
}
