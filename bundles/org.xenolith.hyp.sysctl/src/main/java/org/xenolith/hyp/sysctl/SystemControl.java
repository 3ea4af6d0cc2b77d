// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.Sysctl;
import org.xenolith.xen.abi.XenErrno;

/**
 * Serves sysctl: takes the frame, checks version and permission in Xen's order, has the operation done and copies the frame
 * back if that went well.
 */
final class SystemControl implements DeviceModel, HypercallHandler {
  private static final int NUMBER = HypercallNumber.__HYPERVISOR_sysctl;

  private final DeviceState state = new DeviceState();
  private final byte[] bytes = new byte[Sysctl.SIZE];
  private final Sysctl frame = new Sysctl();
  private final SubOperations operations;
  private final AccessControlPort access;
  private final HypercallsPort hypercalls;
  private final ControlOperationsPort more;
  private final AbiBytes memory = new AbiBytes(bytes);

  SystemControl(DeviceContext context) {
    DomainsPort domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    hypercalls = context.port(HypercallsPort.class);
    more = context.port(ControlOperationsPort.class);
    frame.at(memory, 0);
    operations = new SubOperations(context)
        .addFramed(Privilege.CONTROL, memory, Sysctl.ARGUMENT, new HostFacts(domains, context.port(FrameHeapPort.class), context.port(
            ArchitectureFactsPort.class)).operations())
        .addFramed(Privilege.CONTROL, memory, Sysctl.ARGUMENT,
            new DomainList(domains, access, context.port(P2mPort.class), context.port(ArchitectureFactsPort.class)).operations())
        .addFramed(Privilege.CONTROL, memory, Sysctl.ARGUMENT, new CpuPool(domains, state).operations())
        .addFramed(Privilege.CONTROL, memory, Sysctl.ARGUMENT,
            new HypervisorConsole(context.port(HypervisorLogPort.class)).operations());
    hypercalls.claim(NUMBER, this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    hypercalls.release(NUMBER, this);
  }

  @Override
  public List<? extends HypercallOperation> operations() {
    return Stream.<HypercallOperation>concat(operations.operations().stream(), more.operations(NUMBER).stream().filter(
        added -> operations.find(added.number()) == null)).sorted(Comparator.comparingInt(HypercallOperation::number)).toList();
  }

  @Override
  public long call(Hypercall call) {
    long at = call.argument(0);
    if (!call.read(at, bytes, 0, Sysctl.SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (frame.interfaceVersion() != ControlOp.XEN_SYSCTL_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    if (!access.allowed(call.domain(), Privilege.CONTROL, null)) {
      return -XenErrno.XEN_EPERM;
    }
    SubOperation<?> operation = operations.find(frame.cmd());
    long result = operation == null ? added(call) : operation.serve(call, call.domain());
    return result != 0 || call.write(at, bytes, 0, Sysctl.SIZE) ? result : -XenErrno.XEN_EFAULT;
  }

  /** What another subsystem serves. */
  private long added(Hypercall call) {
    FramedOperation operation = more.find(NUMBER, frame.cmd());
    if (operation == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    if (operation.argument() != null) {
      operation.argument().at(memory, Sysctl.ARGUMENT);
    }
    return more.serve(NUMBER, frame.cmd(), call, call.domain());
  }
}
