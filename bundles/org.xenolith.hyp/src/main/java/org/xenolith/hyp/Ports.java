// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp;

import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;

/** The permanent ports that the core itself uses. */
record Ports(DomainsPort domains, HypercallsPort hypercalls, GuestTrapsPort traps, ContextSwitchPort contextSwitch, P2mPort p2m,
    VirtualGicPort gic, FrameHeapPort heap, ServiceEventsPort service, HypervisorLogPort log, HypervisorTracePort trace,
    ConsolesPort consoles) {

  static Ports of(DeviceContext context) {
    return new Ports(context.port(DomainsPort.class), context.port(HypercallsPort.class), context.port(GuestTrapsPort.class),
        context.port(ContextSwitchPort.class), context.port(P2mPort.class), context.port(VirtualGicPort.class),
        context.port(FrameHeapPort.class), context.port(ServiceEventsPort.class), context.port(HypervisorLogPort.class),
        context.port(HypervisorTracePort.class), context.port(ConsolesPort.class));
  }
}
