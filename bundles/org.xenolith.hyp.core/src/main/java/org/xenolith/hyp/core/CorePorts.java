// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.machine.api.DeviceContext;

/**
 * The permanent ports that a core itself uses, of whatever architecture.
 *
 * @param domains         where it offers itself
 * @param hypercalls      who serves hypercalls
 * @param traps           who answers what guests trap for
 * @param contextSwitch   who takes part in a switch of virtual CPU
 * @param p2m             what guests' addresses lead to
 * @param events          how virtual CPUs are told of what there is for them
 * @param heap            the machine's frames
 * @param service         signals to back ends in Java
 * @param log             the hypervisor's log
 * @param trace           what happened, for who traces
 * @param consoles        domains' consoles
 */
public record CorePorts(DomainsPort domains, HypercallsPort hypercalls, GuestTrapsPort traps, ContextSwitchPort contextSwitch, P2mPort p2m,
    GuestEventsPort events, FrameHeapPort heap, ServiceEventsPort service, HypervisorLogPort log, HypervisorTracePort trace,
    ConsolesPort consoles) {

  static CorePorts of(DeviceContext context) {
    return new CorePorts(context.port(DomainsPort.class), context.port(HypercallsPort.class), context.port(GuestTrapsPort.class),
        context.port(ContextSwitchPort.class), context.port(P2mPort.class), context.port(GuestEventsPort.class),
        context.port(FrameHeapPort.class), context.port(ServiceEventsPort.class), context.port(HypervisorLogPort.class),
        context.port(HypervisorTracePort.class), context.port(ConsolesPort.class));
  }
}
