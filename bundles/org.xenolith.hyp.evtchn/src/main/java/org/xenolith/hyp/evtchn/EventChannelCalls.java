// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.EvtchnAllocUnbound;
import org.xenolith.xen.abi.EvtchnBindInterdomain;
import org.xenolith.xen.abi.EvtchnBindIpi;
import org.xenolith.xen.abi.EvtchnBindPirq;
import org.xenolith.xen.abi.EvtchnBindVcpu;
import org.xenolith.xen.abi.EvtchnBindVirq;
import org.xenolith.xen.abi.EvtchnClose;
import org.xenolith.xen.abi.EvtchnExpandArray;
import org.xenolith.xen.abi.EvtchnInitControl;
import org.xenolith.xen.abi.EvtchnReset;
import org.xenolith.xen.abi.EvtchnSend;
import org.xenolith.xen.abi.EvtchnSetPriority;
import org.xenolith.xen.abi.EvtchnStatus;
import org.xenolith.xen.abi.EvtchnUnmask;
import org.xenolith.xen.abi.FifoControlBlock;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.XenErrno;

/** The sub-operations of hypercall 32, event_channel_op. */
final class EventChannelCalls {
  /** Physical interrupts are numbered below this, though none can be bound: Arm guests have a virtual interrupt controller for them. */
  private static final int PIRQS = 1024;

  private final EventChannelSubsystem channels;
  private final AccessControlPort access;
  private final ServiceEventsPort service;

  private EventChannelCalls(EventChannelSubsystem channels, DeviceContext context) {
    this.channels = channels;
    access = context.port(AccessControlPort.class);
    service = context.port(ServiceEventsPort.class);
  }

  static SubOperations of(EventChannelSubsystem channels, DeviceContext context) {
    EventChannelCalls c = new EventChannelCalls(channels, context);
    return new SubOperations(context).add(
        SubOperation.of(EventChannelOp.EVTCHNOP_send, "send", new EvtchnSend(),
            (call, send, caller) -> channels.send(caller, send.port())),
        SubOperation.of(EventChannelOp.EVTCHNOP_unmask, "unmask", new EvtchnUnmask(), c::unmask),
        SubOperation.of(EventChannelOp.EVTCHNOP_bind_interdomain, "bind_interdomain", new EvtchnBindInterdomain(), c::bindInterdomain)
            .target(EvtchnBindInterdomain::remoteDom).answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_bind_virq, "bind_virq", new EvtchnBindVirq(), c::bindVirq).answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_bind_pirq, "bind_pirq", new EvtchnBindPirq(), (call, bind,
            caller) -> bind.pirq() < 0 || bind.pirq() >= PIRQS ? -XenErrno.XEN_EINVAL : -XenErrno.XEN_ENOMEM),
        SubOperation.of(EventChannelOp.EVTCHNOP_close, "close", new EvtchnClose(),
            (call, close, caller) -> channels.close(caller, close.port())),
        SubOperation.of(EventChannelOp.EVTCHNOP_status, "status", new EvtchnStatus(), c::status)
            .target(EvtchnStatus::dom).needs(Privilege.SELF).inItsTurn().answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_alloc_unbound, "alloc_unbound", new EvtchnAllocUnbound(), c::allocUnbound)
            .target(EvtchnAllocUnbound::dom).needs(Privilege.SELF).answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_bind_ipi, "bind_ipi", new EvtchnBindIpi(), c::bindIpi).answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_bind_vcpu, "bind_vcpu", new EvtchnBindVcpu(),
            (call, bind, caller) -> channels.bindVcpu(caller, bind.port(), bind.vcpu())),
        SubOperation.of(EventChannelOp.EVTCHNOP_reset, "reset", new EvtchnReset(), c::reset)
            .target(EvtchnReset::dom).needs(Privilege.SELF),
        SubOperation.of(EventChannelOp.EVTCHNOP_init_control, "init_control", new EvtchnInitControl(), c::initControl).answers(),
        SubOperation.of(EventChannelOp.EVTCHNOP_expand_array, "expand_array", new EvtchnExpandArray(),
            (call, expand, caller) -> channels.of(caller).expandArray(expand.arrayGfn())),
        SubOperation.of(EventChannelOp.EVTCHNOP_set_priority, "set_priority", new EvtchnSetPriority(), c::setPriority));
  }

  private long unmask(Hypercall call, EvtchnUnmask unmask, Domain caller) {
    DomainPorts ports = channels.of(caller);
    if (!ports.valid(unmask.port())) {
      return -XenErrno.XEN_EINVAL;
    }
    ports.abi().unmask(unmask.port());
    return 0;
  }

  private long bindInterdomain(Hypercall call, EvtchnBindInterdomain bind, Domain remote) {
    int port = channels.bindInterdomain(call.domain(), remote, bind.remotePort());
    bind.localPort(port);
    return Math.min(port, 0);
  }

  private long bindVirq(Hypercall call, EvtchnBindVirq bind, Domain caller) {
    int port = channels.bindVirq(caller, bind.virq(), bind.vcpu());
    bind.port(port);
    return Math.min(port, 0);
  }

  private long allocUnbound(Hypercall call, EvtchnAllocUnbound allocate, Domain domain) {
    int remote = allocate.remoteDom();
    int port = channels.allocateUnbound(domain, remote == DomainId.DOMID_SELF ? call.domain().id() : remote);
    if (port >= 0 && remote == ServiceEventsPort.DOMID && domain == call.domain()) {
      service.offer(domain, port);
    }
    allocate.port(port);
    return Math.min(port, 0);
  }

  private long bindIpi(Hypercall call, EvtchnBindIpi bind, Domain caller) {
    int port = channels.bindIpi(caller, bind.vcpu());
    bind.port(port);
    return Math.min(port, 0);
  }

  private long status(Hypercall call, EvtchnStatus status, Domain domain) {
    DomainPorts ports = channels.of(domain);
    int port = status.port();
    if (!ports.valid(port)) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!access.allowed(call.domain(), Privilege.SELF, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    status.status(EventChannelSubsystem.status(ports.kind(port)));
    status.vcpu(ports.notifiedId(port));
    switch (ports.kind(port)) {
      case DomainPorts.UNBOUND -> status.unboundDom(ports.subject(port));
      case DomainPorts.INTERDOMAIN -> {
        status.interdomainDom(channels.remoteId(ports, port));
        status.interdomainPort(ports.remotePort(port));
      }
      case DomainPorts.VIRQ -> status.virq(ports.subject(port));
      default -> {
      }
    }
    return 0;
  }

  private long reset(Hypercall call, EvtchnReset reset, Domain domain) {
    // somebody else's ports only while it can't use them
    if (domain != call.domain() && domain.pauseCount() == 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!channels.resetPorts(domain)) {
      call.again();
    }
    return 0;
  }

  private long initControl(Hypercall call, EvtchnInitControl init, Domain caller) {
    if (caller.vcpu(init.vcpu()) == null) {
      return -XenErrno.XEN_ENOENT;
    }
    int offset = init.offset();
    if (offset < 0 || offset > 4096 - FifoControlBlock.SIZE || offset % 8 != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    init.linkBits(FifoEvent.EVTCHN_FIFO_LINK_BITS);
    return channels.of(caller).initControl(init.vcpu(), init.controlGfn(), offset);
  }

  private long setPriority(Hypercall call, EvtchnSetPriority set, Domain caller) {
    DomainPorts ports = channels.of(caller);
    return ports.valid(set.port()) ? ports.abi().priority(set.port(), set.priority()) : -XenErrno.XEN_EINVAL;
  }
}
