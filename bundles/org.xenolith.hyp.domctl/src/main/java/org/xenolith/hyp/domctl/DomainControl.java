// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.AccessControl;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainInfo;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/**
 * Serves domctl: takes the frame, checks version, target and permission in Xen's order, and has the operation done. An
 * operation that no subsystem can do answers -ENOSYS, as the many do that Xen has on other architectures only.
 */
final class DomainControl implements DeviceModel, DomainListener {
  private final DeviceState state = new DeviceState();
  private final ControlledDomains controlled = new ControlledDomains();
  private final Operation[] operations = new Operation[ControlOp.XEN_DOMCTL_set_paging_mempool_size + 1];
  private final Request request = new Request();
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final EventChannelsPort events;
  private final DomainInfo info;
  private final Hypercalls hypercalls;
  private final HypercallHandler handler = this::call;

  DomainControl(DeviceContext context) {
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    events = context.port(EventChannelsPort.class);
    hypercalls = context.port(Hypercalls.class);
    P2mPort p2m = context.port(P2mPort.class);
    info = new DomainInfo(p2m);
    controlled.declare(state);
    new DomainLife(domains, context.port(VirtualGicPort.class)).register(this::serve);
    new DomainSettings(domains, controlled, p2m).register(this::serve);
    new VcpuRegisters().register(this::serve);
    new Affinities(domains, controlled).register(this::serve);
    new SchedulerSettings().register(this::serve);
    new Hardware(domains, controlled, p2m, context.port(VirtualGicPort.class)).register(this::serve);
    new PciAssignment(context.port(PciDevicesPort.class)).register(this::serve);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_domctl, handler, context);
    domains.listen(this, context);
  }

  private void serve(int number, Operation operation) {
    if (operations[number] != null) {
      throw new IllegalStateException("domctl." + number + ": two operations");
    }
    operations[number] = operation;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void restored() {
    if (domains.domains() != null) {
      controlled.keepOnly(domains.domains());
    }
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_domctl, handler);
    domains.forget(this);
  }

  /** The domain is gone before the control domain executes again and looks who it was. */
  @Override
  public void destroyed(Domain domain) {
    controlled.forget(domain);
    events.raise(null, Virq.VIRQ_DOM_EXC);
  }

  /** The port that asked for it hears that a domain suspended itself; of all else the control domain does. */
  @Override
  public void shutdown(Domain domain) {
    int port = (int) controlled.of(domain).suspendPort.value;
    if (domain.shutdownReason() == SchedOp.SHUTDOWN_suspend && port != 0) {
      events.send(domain, port);
    } else {
      events.raise(null, Virq.VIRQ_DOM_EXC);
    }
  }

  long call(Hypercall call) {
    if (!request.take(call)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (request.frame().interfaceVersion() != ControlOp.XEN_DOMCTL_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    long result = answer(request.frame().cmd());
    return request.answered() && !request.giveBack() ? -XenErrno.XEN_EFAULT : result;
  }

  private long answer(int number) {
    if (number == ControlOp.XEN_DOMCTL_getdomaininfo) {
      return information();
    }
    if (number != ControlOp.XEN_DOMCTL_createdomain && !PciAssignment.withoutTarget(number, request.frame().domain())) {
      request.target(domains.domains().byId(request.frame().domain()));
      if (request.target() == null) {
        return -XenErrno.XEN_ESRCH;
      }
    }
    if (!access.allowed(request.caller(), AccessControl.Privilege.CONTROL, request.target())) {
      return -XenErrno.XEN_EPERM;
    }
    Operation operation = number >= 0 && number < operations.length ? operations[number] : null;
    return operation == null ? -XenErrno.XEN_ENOSYS : operation.apply(request);
  }

  /** A domid that is free stands for the next domain above it, so that tools can go through all of them. */
  private long information() {
    Domains all = domains.domains();
    int wanted = request.frame().domain();
    Domain domain = all.byId(wanted);
    if (domain == null) {
      if (wanted >= DomainId.DOMID_FIRST_RESERVED) {
        return -XenErrno.XEN_EINVAL;
      }
      domain = all.all().stream().filter(d -> d.id() > wanted).findFirst().orElse(null);
      if (domain == null) {
        return -XenErrno.XEN_ESRCH;
      }
    }
    if (!access.allowed(request.caller(), AccessControl.Privilege.CONTROL, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    info.write(domain, request.memory(), Domctl.ARGUMENT);
    request.frame().domain(domain.id());
    request.answer();
    return 0;
  }
}
