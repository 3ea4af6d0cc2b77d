// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HvmOp;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HvmParamArg;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** Hypercall 34, hvm_op. The parameters are the domain's own state. */
final class ParameterSubsystem implements DeviceModel, HypercallHandler {
  /** {@code params.h}: the type is the top byte of HVM_PARAM_CALLBACK_IRQ, a PPI's flags are in bits 15 to 8. */
  private static final int TYPE_SHIFT = 56;
  private static final int FLAGS_SHIFT = 8;

  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final GuestEventsPort events;
  private final SubOperations operations;

  ParameterSubsystem(DeviceContext context) {
    hypercalls = context.port(HypercallsPort.class);
    events = context.port(GuestEventsPort.class);
    operations = new SubOperations(context).add(
        SubOperation.of(HvmOp.HVMOP_set_param, "set_param", new HvmParamArg(), this::set)
            .target(HvmParamArg::domid).needs(Privilege.SELF),
        SubOperation.of(HvmOp.HVMOP_get_param, "get_param", new HvmParamArg(), ParameterSubsystem::get)
            .target(HvmParamArg::domid).needs(Privilege.SELF).answers(),
        // nobody monitors
        SubOperation.of(HvmOp.HVMOP_guest_request_vm_event, "guest_request_vm_event",
            call -> call.argument(1) == 0 ? 0 : -XenErrno.XEN_EINVAL));
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
  public List<SubOperation<?>> operations() {
    return operations.operations();
  }

  /** All 64 bits are the number, unlike elsewhere. */
  @Override
  public long call(Hypercall call) {
    return call.argument(0) >>> 32 == 0 ? operations.call(call) : -XenErrno.XEN_ENOSYS;
  }

  private long set(Hypercall call, HvmParamArg parameter, Domain domain) {
    // Where no interrupt of the machine's architecture tells it of events, it says itself what does.
    boolean tellsHow = parameter.index() == HvmParam.HVM_PARAM_CALLBACK_IRQ && domain.eventInterrupt() == 0;
    int refused = refused(domain, parameter.index(), true, domain == call.domain());
    if (refused == 0 && domain.eventInterrupt() == 0) {
      refused = PcParameters.refusedValue(parameter.index(), parameter.value());
    }
    if (refused == 0) {
      domain.parameter(parameter.index(), parameter.value());
      if (tellsHow) {
        if (domain == call.domain()) {
          domain.latch(call.wordSize());
        }
        // What waits already is told in the new way.
        domain.vcpus().forEach(events::raise);
      }
    }
    return refused;
  }

  private static long get(Hypercall call, HvmParamArg parameter, Domain domain) {
    int refused = refused(domain, parameter.index(), false, domain == call.domain());
    if (refused == 0) {
      parameter.value(value(domain, parameter.index()));
    }
    return refused;
  }

  /** On Arm a domain may read five of its own and set none; tools may do both, and have one more. @return 0 or a negative errno */
  private static int refused(Domain domain, int index, boolean set, boolean own) {
    return domain.eventInterrupt() == 0 ? PcParameters.refused(index, set, own) : switch (index) {
      case HvmParam.HVM_PARAM_CALLBACK_IRQ, HvmParam.HVM_PARAM_STORE_PFN, HvmParam.HVM_PARAM_STORE_EVTCHN,
          HvmParam.HVM_PARAM_CONSOLE_PFN, HvmParam.HVM_PARAM_CONSOLE_EVTCHN -> set && own ? -XenErrno.XEN_EPERM : 0;
      case HvmParam.HVM_PARAM_MONITOR_RING_PFN -> own ? -XenErrno.XEN_EPERM : 0;
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  private static long value(Domain domain, int index) {
    long value = domain.parameter(index);
    return value == 0 && index == HvmParam.HVM_PARAM_CALLBACK_IRQ && domain.eventInterrupt() != 0 ? callback(domain) : value;
  }

  /** By which interrupt it hears of events, until a tool says otherwise: its PPI, level-sensitive and active low. */
  private static long callback(Domain domain) {
    return (long) HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI << TYPE_SHIFT
        | HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI_FLAG_LOW_LEVEL << FLAGS_SHIFT | domain.eventInterrupt();
  }
}
