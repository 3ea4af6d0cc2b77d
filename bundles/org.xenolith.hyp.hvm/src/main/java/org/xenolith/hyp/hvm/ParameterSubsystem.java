// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HvmOp;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HvmParamArg;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** Hypercall 34, hvm_op: sub-operation in x0, its argument's address in x1. The parameters are the domain's own state. */
final class ParameterSubsystem implements DeviceModel, HypercallHandler {
  /** {@code params.h}: the type is the top byte of HVM_PARAM_CALLBACK_IRQ, a PPI's flags are in bits 15 to 8. */
  private static final int TYPE_SHIFT = 56;
  private static final int FLAGS_SHIFT = 8;

  private final DeviceState state = new DeviceState();
  private final Hypercalls hypercalls;
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final byte[] argument = new byte[HvmParamArg.SIZE];
  private final HvmParamArg parameter = new HvmParamArg();

  ParameterSubsystem(DeviceContext context) {
    hypercalls = context.port(Hypercalls.class);
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    parameter.at(new AbiBytes(argument), 0);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_hvm_op, this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_hvm_op, this);
  }

  @Override
  public long call(Hypercall call) {
    long operation = call.argument(0);
    if (operation == HvmOp.HVMOP_set_param || operation == HvmOp.HVMOP_get_param) {
      return parameter(call, operation == HvmOp.HVMOP_set_param);
    }
    if (operation == HvmOp.HVMOP_guest_request_vm_event) {
      // nobody monitors
      return call.argument(1) == 0 ? 0 : -XenErrno.XEN_EINVAL;
    }
    return -XenErrno.XEN_ENOSYS;
  }

  private int parameter(Hypercall call, boolean set) {
    if (!call.read(call.argument(1), argument, 0, HvmParamArg.SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    Domain domain = domain(call, parameter.domid());
    if (domain == null) {
      return -XenErrno.XEN_ESRCH;
    }
    if (!access.allowed(call.domain(), Privilege.SELF, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    int refused = refused(parameter.index(), set, domain == call.domain());
    if (refused != 0) {
      return refused;
    }
    if (set) {
      domain.parameter(parameter.index(), parameter.value());
      return 0;
    }
    parameter.value(value(domain, parameter.index()));
    return call.write(call.argument(1), argument, 0, HvmParamArg.SIZE) ? 0 : -XenErrno.XEN_EFAULT;
  }

  private Domain domain(Hypercall call, int id) {
    Domains core = domains.domains();
    return id == DomainId.DOMID_SELF ? call.domain() : core == null ? null : core.byId(id);
  }

  /** A domain may read five of its own and set none; tools may do both, and have one more. @return 0 or a negative errno */
  private static int refused(int index, boolean set, boolean own) {
    return switch (index) {
      case HvmParam.HVM_PARAM_CALLBACK_IRQ, HvmParam.HVM_PARAM_STORE_PFN, HvmParam.HVM_PARAM_STORE_EVTCHN,
          HvmParam.HVM_PARAM_CONSOLE_PFN, HvmParam.HVM_PARAM_CONSOLE_EVTCHN -> set && own ? -XenErrno.XEN_EPERM : 0;
      case HvmParam.HVM_PARAM_MONITOR_RING_PFN -> own ? -XenErrno.XEN_EPERM : 0;
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  private static long value(Domain domain, int index) {
    long value = domain.parameter(index);
    return value == 0 && index == HvmParam.HVM_PARAM_CALLBACK_IRQ ? callback(domain) : value;
  }

  /** By which interrupt it hears of events, until a tool says otherwise: its PPI, level-sensitive and active low. */
  private static long callback(Domain domain) {
    return (long) HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI << TYPE_SHIFT
        | HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI_FLAG_LOW_LEVEL << FLAGS_SHIFT | domain.eventInterrupt();
  }
}
