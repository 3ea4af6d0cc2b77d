// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.ServicePorts;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
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

/** Hypercall 32, event_channel_op: sub-operation in x0, its argument's address in x1. */
final class EventChannelCalls implements HypercallHandler {
  private static final int EFAULT = -XenErrno.XEN_EFAULT;
  /** Physical interrupts are numbered below this, though none can be bound: Arm guests have a virtual GIC for them. */
  private static final int PIRQS = 1024;

  private final EventChannelSubsystem channels;
  private final AccessControlPort access;
  private final ServicePorts service;
  private final byte[] argument = new byte[24];
  private final EvtchnBindInterdomain bindInterdomain = new EvtchnBindInterdomain();
  private final EvtchnBindVirq bindVirq = new EvtchnBindVirq();
  private final EvtchnBindPirq bindPirq = new EvtchnBindPirq();
  private final EvtchnClose close = new EvtchnClose();
  private final EvtchnSend send = new EvtchnSend();
  private final EvtchnStatus status = new EvtchnStatus();
  private final EvtchnAllocUnbound allocUnbound = new EvtchnAllocUnbound();
  private final EvtchnBindIpi bindIpi = new EvtchnBindIpi();
  private final EvtchnBindVcpu bindVcpu = new EvtchnBindVcpu();
  private final EvtchnUnmask unmask = new EvtchnUnmask();
  private final EvtchnReset reset = new EvtchnReset();
  private final EvtchnInitControl initControl = new EvtchnInitControl();
  private final EvtchnExpandArray expandArray = new EvtchnExpandArray();
  private final EvtchnSetPriority setPriority = new EvtchnSetPriority();

  EventChannelCalls(EventChannelSubsystem channels, DeviceContext context) {
    this.channels = channels;
    access = context.port(AccessControlPort.class);
    service = context.port(ServicePorts.class);
    AbiBytes bytes = new AbiBytes(argument);
    bindInterdomain.at(bytes, 0);
    bindVirq.at(bytes, 0);
    bindPirq.at(bytes, 0);
    close.at(bytes, 0);
    send.at(bytes, 0);
    status.at(bytes, 0);
    allocUnbound.at(bytes, 0);
    bindIpi.at(bytes, 0);
    bindVcpu.at(bytes, 0);
    unmask.at(bytes, 0);
    reset.at(bytes, 0);
    initControl.at(bytes, 0);
    expandArray.at(bytes, 0);
    setPriority.at(bytes, 0);
  }

  @Override
  public long call(Hypercall call) {
    return switch ((int) call.argument(0)) {
      case EventChannelOp.EVTCHNOP_send ->
          in(call, EvtchnSend.SIZE) ? channels.send(call.domain(), send.port()) : EFAULT;
      case EventChannelOp.EVTCHNOP_unmask -> in(call, EvtchnUnmask.SIZE) ? unmask(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_bind_interdomain ->
          in(call, EvtchnBindInterdomain.SIZE) ? bindInterdomain(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_bind_virq -> in(call, EvtchnBindVirq.SIZE) ? bindVirq(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_bind_pirq -> in(call, EvtchnBindPirq.SIZE) ? bindPirq() : EFAULT;
      case EventChannelOp.EVTCHNOP_close ->
          in(call, EvtchnClose.SIZE) ? channels.close(call.domain(), close.port()) : EFAULT;
      case EventChannelOp.EVTCHNOP_status -> in(call, EvtchnStatus.SIZE) ? status(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_alloc_unbound -> in(call, EvtchnAllocUnbound.SIZE) ? allocUnbound(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_bind_ipi -> in(call, EvtchnBindIpi.SIZE) ? bindIpi(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_bind_vcpu ->
          in(call, EvtchnBindVcpu.SIZE) ? channels.bindVcpu(call.domain(), bindVcpu.port(), bindVcpu.vcpu()) : EFAULT;
      case EventChannelOp.EVTCHNOP_reset -> in(call, EvtchnReset.SIZE) ? reset(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_init_control -> in(call, EvtchnInitControl.SIZE) ? initControl(call) : EFAULT;
      case EventChannelOp.EVTCHNOP_expand_array ->
          in(call, EvtchnExpandArray.SIZE) ? channels.of(call.domain()).expandArray(expandArray.arrayGfn()) : EFAULT;
      case EventChannelOp.EVTCHNOP_set_priority -> in(call, EvtchnSetPriority.SIZE) ? setPriority(call) : EFAULT;
      default -> -XenErrno.XEN_ENOSYS;
    };
  }

  private boolean in(Hypercall call, int size) {
    return call.read(call.argument(1), argument, 0, size);
  }

  private int out(Hypercall call, int size) {
    return call.write(call.argument(1), argument, 0, size) ? 0 : EFAULT;
  }

  private Domain domain(Hypercall call, int id) {
    return id == DomainId.DOMID_SELF ? call.domain() : channels.domain(id);
  }

  private boolean mayNot(Hypercall call, Domain target) {
    return !access.allowed(call.domain(), Privilege.SELF, target);
  }

  private int bindInterdomain(Hypercall call) {
    Domain remote = domain(call, bindInterdomain.remoteDom());
    if (remote == null) {
      return -XenErrno.XEN_ESRCH;
    }
    int port = channels.bindInterdomain(call.domain(), remote, bindInterdomain.remotePort());
    if (port < 0) {
      return port;
    }
    bindInterdomain.localPort(port);
    return out(call, EvtchnBindInterdomain.SIZE);
  }

  private int bindVirq(Hypercall call) {
    int port = channels.bindVirq(call.domain(), bindVirq.virq(), bindVirq.vcpu());
    if (port < 0) {
      return port;
    }
    bindVirq.port(port);
    return out(call, EvtchnBindVirq.SIZE);
  }

  private int bindPirq() {
    int pirq = bindPirq.pirq();
    return pirq < 0 || pirq >= PIRQS ? -XenErrno.XEN_EINVAL : -XenErrno.XEN_ENOMEM;
  }

  private int allocUnbound(Hypercall call) {
    Domain domain = domain(call, allocUnbound.dom());
    if (domain == null) {
      return -XenErrno.XEN_ESRCH;
    }
    if (mayNot(call, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    int remote = allocUnbound.remoteDom();
    int port = channels.allocateUnbound(domain, remote == DomainId.DOMID_SELF ? call.domain().id() : remote);
    if (port < 0) {
      return port;
    }
    if (remote == ServicePorts.DOMID && domain == call.domain()) {
      service.offer(domain, port);
    }
    allocUnbound.port(port);
    return out(call, EvtchnAllocUnbound.SIZE);
  }

  private int bindIpi(Hypercall call) {
    int port = channels.bindIpi(call.domain(), bindIpi.vcpu());
    if (port < 0) {
      return port;
    }
    bindIpi.port(port);
    return out(call, EvtchnBindIpi.SIZE);
  }

  private int status(Hypercall call) {
    Domain domain = domain(call, status.dom());
    if (domain == null) {
      return -XenErrno.XEN_ESRCH;
    }
    DomainPorts ports = channels.of(domain);
    int port = status.port();
    if (!ports.valid(port)) {
      return -XenErrno.XEN_EINVAL;
    }
    if (mayNot(call, domain)) {
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
    return out(call, EvtchnStatus.SIZE);
  }

  private int unmask(Hypercall call) {
    DomainPorts ports = channels.of(call.domain());
    if (!ports.valid(unmask.port())) {
      return -XenErrno.XEN_EINVAL;
    }
    ports.abi().unmask(unmask.port());
    return 0;
  }

  private int reset(Hypercall call) {
    Domain domain = domain(call, reset.dom());
    if (domain == null) {
      return -XenErrno.XEN_ESRCH;
    }
    if (mayNot(call, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    // somebody else's ports only while it can't use them
    if (domain != call.domain() && domain.pauseCount() == 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!channels.resetPorts(domain)) {
      call.again();
    }
    return 0;
  }

  private int initControl(Hypercall call) {
    if (call.domain().vcpu(initControl.vcpu()) == null) {
      return -XenErrno.XEN_ENOENT;
    }
    int offset = initControl.offset();
    if (offset < 0 || offset > 4096 - FifoControlBlock.SIZE || offset % 8 != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    int result = channels.of(call.domain()).initControl(initControl.vcpu(), initControl.controlGfn(), offset);
    if (result < 0) {
      return result;
    }
    initControl.linkBits(FifoEvent.EVTCHN_FIFO_LINK_BITS);
    return out(call, EvtchnInitControl.SIZE);
  }

  private int setPriority(Hypercall call) {
    DomainPorts ports = channels.of(call.domain());
    int port = setPriority.port();
    return ports.valid(port) ? ports.abi().priority(port, setPriority.priority()) : -XenErrno.XEN_EINVAL;
  }
}
