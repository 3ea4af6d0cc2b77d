// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp;

import org.xenolith.hyp.api.Consoles;
import org.xenolith.hyp.api.ContextSwitch;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.GuestTraps;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.HypervisorLog;
import org.xenolith.hyp.api.HypervisorTrace;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServicePorts;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;

/** The permanent ports that the core itself uses. */
record Ports(DomainsPort domains, Hypercalls hypercalls, GuestTraps traps, ContextSwitch contextSwitch, P2mPort p2m,
    VirtualGicPort gic, FrameHeap heap, ServicePorts service, HypervisorLog log, HypervisorTrace trace,
    Consoles consoles) {

  static Ports of(DeviceContext context) {
    return new Ports(context.port(DomainsPort.class), context.port(Hypercalls.class), context.port(GuestTraps.class),
        context.port(ContextSwitch.class), context.port(P2mPort.class), context.port(VirtualGicPort.class),
        context.port(FrameHeap.class), context.port(ServicePorts.class), context.port(HypervisorLog.class),
        context.port(HypervisorTrace.class), context.port(Consoles.class));
  }
}
