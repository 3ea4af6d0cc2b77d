// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;

/**
 * What event channels reach: memory, stage 2, who tells vCPUs, the service domain, who waits.
 *
 * @param waiters vCPUs in SCHEDOP_poll
 */
record Environment(MachineMemory memory, P2mPort p2m, FrameHeap frames, GuestEventsPort events, ServiceEventsPort service,
    EventWaitersPort waiters, HypervisorTracePort trace) {

  static Environment of(DeviceContext context) {
    return new Environment(new MachineMemory(context.memory().physical()), context.port(P2mPort.class),
        context.port(FrameHeapPort.class), context.port(GuestEventsPort.class), context.port(ServiceEventsPort.class),
        context.port(EventWaitersPort.class), context.port(HypervisorTracePort.class));
  }

  /**
   * Something waits for a vCPU: sets evtchn_upcall_pending. Only when that was clear is the interrupt made pending: the guest
   * clears it before it looks for events, so it can't miss one.
   */
  void upcall(Vcpu vcpu) {
    long info = vcpu.info();
    if (info != 0) {
      long at = info + vcpu.domain().sharedLayout().upcall();
      byte pending = memory.read8(at);
      if ((pending & 1) == 0) {
        memory.write8(at, (byte) (pending | 1));
        events.raise(vcpu);
        vcpu.wake();
      }
    }
  }

  /**
   * A page of a domain's own RAM that the hypervisor keeps using: it is held until {@link FrameHeap#drop}.
   *
   * @return its machine address, or -1 if there is no such page
   */
  long hold(Domain domain, long gfn) {
    if (gfn >>> 40 != 0 || p2m.type(domain, gfn) != PageType.RAM) {
      return -1;
    }
    long address = p2m.translate(domain, gfn << 12, true);
    if (address >= 0) {
      frames.hold(address >>> 12);
    }
    return address;
  }
}
