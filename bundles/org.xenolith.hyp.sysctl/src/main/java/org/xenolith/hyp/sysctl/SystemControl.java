// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import org.xenolith.hyp.api.AccessControl;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.HypervisorLog;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/**
 * Serves sysctl: takes the frame, checks version and permission in Xen's order, has the operation done and copies the frame
 * back if that went well.
 */
final class SystemControl implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final Operation[] operations = new Operation[ControlOp.XEN_SYSCTL_get_cpu_policy + 1];
  private final Request request = new Request();
  private final AccessControlPort access;
  private final Hypercalls hypercalls;
  private final HypercallHandler handler = this::call;

  SystemControl(DeviceContext context) {
    DomainsPort domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    hypercalls = context.port(Hypercalls.class);
    new HostFacts(domains, context.port(FrameHeap.class)).register(this::serve);
    new DomainList(domains, access, context.port(P2mPort.class)).register(this::serve);
    new CpuPool(domains, state).register(this::serve);
    new HypervisorConsole(context.port(HypervisorLog.class)).register(this::serve);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_sysctl, handler, context);
  }

  private void serve(int number, Operation operation) {
    if (operations[number] != null) {
      throw new IllegalStateException("sysctl." + number + ": two operations");
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
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_sysctl, handler);
  }

  private long call(Hypercall call) {
    if (!request.take(call)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (request.frame().interfaceVersion() != ControlOp.XEN_SYSCTL_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    if (!access.allowed(call.domain(), AccessControl.Privilege.CONTROL, null)) {
      return -XenErrno.XEN_EPERM;
    }
    int number = request.frame().cmd();
    Operation operation = number >= 0 && number < operations.length ? operations[number] : null;
    long result = operation == null ? -XenErrno.XEN_ENOSYS : operation.apply(request);
    return result == 0 && !request.giveBack() ? -XenErrno.XEN_EFAULT : result;
  }
}
