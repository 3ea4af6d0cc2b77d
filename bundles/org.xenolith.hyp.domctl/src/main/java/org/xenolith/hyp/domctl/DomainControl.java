// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/**
 * Serves domctl: takes the frame, checks version, target and permission in Xen's order, and has the operation done. An
 * operation that no subsystem can do answers -ENOSYS, as the many do that Xen has on other architectures only.
 */
final class DomainControl implements DeviceModel, DomainListener, HypercallHandler {
  private static final int NUMBER = HypercallNumber.__HYPERVISOR_domctl;

  private final DeviceState state = new DeviceState();
  private final ControlledDomains controlled = new ControlledDomains();
  private final DomctlFrame frame = new DomctlFrame();
  private final SubOperations operations;
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final EventChannelsPort events;
  private final DomainInfo info;
  private final HypercallsPort hypercalls;
  private final ControlOperationsPort more;

  DomainControl(DeviceContext context) {
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    events = context.port(EventChannelsPort.class);
    hypercalls = context.port(HypercallsPort.class);
    more = context.port(ControlOperationsPort.class);
    P2mPort p2m = context.port(P2mPort.class);
    info = new DomainInfo(p2m, context.port(ArchitectureFactsPort.class));
    controlled.declare(state);
    operations = new SubOperations(context);
    List.of(List.<SubOperation<?>>of(SubOperation.of(ControlOp.XEN_DOMCTL_getdomaininfo, "getdomaininfo", new DomctlGetDomainInfo(),
        (call, argument, none) -> information(call)).inItsTurn().answers()),
        new CreatedDomains(frame, domains, context.port(DomainCreationPort.class)).operations(), new DomainLife(domains).operations(),
        new DomainSettings(frame, new MachineMemory(context.memory().physical()), controlled, p2m).operations(), VcpuFacts.operations(),
        new Affinities(domains, controlled).operations(), new SchedulerSettings().operations(),
        new PciAssignment(context.port(PciDevicesPort.class)).operations())
        .forEach(list -> operations.addFramed(Privilege.CONTROL, frame.memory(), Domctl.ARGUMENT, list));
    hypercalls.claim(NUMBER, this, context);
    domains.listen(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    if (domains.domains() != null) {
      controlled.keepOnly(domains.domains());
    }
  }

  @Override
  public void removed() {
    hypercalls.release(NUMBER, this);
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

  @Override
  public List<? extends HypercallOperation> operations() {
    return Stream.<HypercallOperation>concat(operations.operations().stream(), more.operations(NUMBER).stream().filter(
        added -> operations.find(added.number()) == null)).sorted(Comparator.comparingInt(HypercallOperation::number)).toList();
  }

  @Override
  public long call(Hypercall call) {
    if (!frame.take(call)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (frame.interfaceVersion() != ControlOp.XEN_DOMCTL_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    SubOperation<?> operation = operations.find(frame.operation());
    Domain target = null;
    if (!withoutTarget(frame.operation(), frame.domain())) {
      target = domains.domains().byId(frame.domain());
      if (target == null) {
        return -XenErrno.XEN_ESRCH;
      }
    }
    boolean asked = operation != null && operation.privilegeInItsTurn();
    if (!asked && !access.allowed(call.domain(), Privilege.CONTROL, target)) {
      return -XenErrno.XEN_EPERM;
    }
    FramedOperation served = operation == null ? more.find(NUMBER, frame.operation()) : operation;
    if (served == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    long result = operation == null ? added(served, call, target) : operation.serve(call, target);
    return !served.answersAt(result) || frame.giveBack(call) ? result : -XenErrno.XEN_EFAULT;
  }

  /** What another subsystem serves. */
  private long added(FramedOperation operation, Hypercall call, Domain target) {
    if (operation.argument() != null) {
      operation.argument().at(frame.memory(), Domctl.ARGUMENT);
    }
    return more.serve(NUMBER, operation.number(), call, target);
  }

  private static boolean withoutTarget(int operation, int domid) {
    return operation == ControlOp.XEN_DOMCTL_getdomaininfo || operation == ControlOp.XEN_DOMCTL_createdomain
        || PciAssignment.withoutTarget(operation, domid);
  }

  /** A domid that is free stands for the next domain above it, so that tools can go through all of them. */
  private long information(Hypercall call) {
    Domains all = domains.domains();
    int wanted = frame.domain();
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
    if (!access.allowed(call.domain(), Privilege.CONTROL, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    info.write(domain, frame.memory(), Domctl.ARGUMENT);
    frame.domain(domain.id());
    return 0;
  }
}
