// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.RegisterTimeArea;
import org.xenolith.xen.abi.RunstateInfo;
import org.xenolith.xen.abi.SetPeriodicTimer;
import org.xenolith.xen.abi.SetSingleshotTimer;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * What guests on x86 do to time by hypercall 24, vcpu_op: the sub-operation is argument 0, the virtual CPU's number argument 1, the structure's address
 * argument 2. Answers are Xen's: -ENOENT for a virtual CPU that there isn't, -EINVAL for another one's single-shot timer.
 */
final class TimerOperations {
  private static final long SHORTEST_PERIOD = 1_000_000;
  /** Xen takes no longer time than a quarter of all that 64 bits can say. */
  private static final long LONGEST_PERIOD = -1L >>> 2;

  private final PvTime time;
  private final PvTimers timers;

  private TimerOperations(PvTime time, PvTimers timers) {
    this.time = time;
    this.timers = timers;
  }

  static SubOperations of(PvTime time, PvTimers timers, DeviceContext context) {
    TimerOperations o = new TimerOperations(time, timers);
    return new SubOperations(context, 2, -XenErrno.XEN_ENOSYS).add(
        SubOperation.of(VcpuOp.VCPUOP_get_runstate_info, "get_runstate_info", new RunstateInfo(), TimerOperations::runstate)
            .unless(TimerOperations::absent).gives(),
        SubOperation.of(VcpuOp.VCPUOP_set_periodic_timer, "set_periodic_timer", new SetPeriodicTimer(), o::setPeriodic)
            .unless(TimerOperations::absent),
        SubOperation.of(VcpuOp.VCPUOP_stop_periodic_timer, "stop_periodic_timer", o::stopPeriodic),
        SubOperation.of(VcpuOp.VCPUOP_set_singleshot_timer, "set_singleshot_timer", new SetSingleshotTimer(), o::setSingleshot)
            .unless(TimerOperations::another),
        SubOperation.of(VcpuOp.VCPUOP_stop_singleshot_timer, "stop_singleshot_timer", o::stopSingleshot),
        SubOperation.of(VcpuOp.VCPUOP_register_vcpu_time_memory_area, "register_vcpu_time_memory_area", new RegisterTimeArea(), o::area)
            .unless(TimerOperations::absent));
  }

  private static Vcpu vcpu(Hypercall call) {
    return call.domain().vcpu((int) call.argument(1));
  }

  private static int absent(Hypercall call) {
    return vcpu(call) == null ? -XenErrno.XEN_ENOENT : 0;
  }

  private static int another(Hypercall call) {
    Vcpu vcpu = vcpu(call);
    return vcpu == null ? -XenErrno.XEN_ENOENT : vcpu != call.vcpu() ? -XenErrno.XEN_EINVAL : 0;
  }

  private static long runstate(Hypercall call, RunstateInfo info, Domain caller) {
    Vcpu vcpu = vcpu(call);
    long[] times = vcpu.runstate();
    info.zero();
    info.state(vcpu.runstateKind());
    info.stateEntryTime(times[4]);
    for (int i = 0; i < 4; i++) {
      info.time(i, times[i]);
    }
    return 0;
  }

  private long setPeriodic(Hypercall call, SetPeriodicTimer timer, Domain caller) {
    long period = timer.periodNs();
    if (period < SHORTEST_PERIOD || period > LONGEST_PERIOD) {
      return -XenErrno.XEN_EINVAL;
    }
    timers.every(vcpu(call), period);
    return 0;
  }

  private long stopPeriodic(Hypercall call) {
    int refused = absent(call);
    if (refused == 0) {
      timers.every(vcpu(call), 0);
    }
    return refused;
  }

  /** A time that has passed rings at once, unless the guest wants to hear that it has. */
  private long setSingleshot(Hypercall call, SetSingleshotTimer timer, Domain caller) {
    long time = timer.timeoutAbsNs();
    if ((timer.flags() & VcpuOp.VCPU_SSHOTTMR_future) != 0 && time < timers.now()) {
      return -XenErrno.XEN_ETIME;
    }
    timers.once(call.vcpu(), time);
    return 0;
  }

  private long stopSingleshot(Hypercall call) {
    int refused = another(call);
    if (refused == 0) {
      timers.stopOnce(call.vcpu());
    }
    return refused;
  }

  /** As with the run state, whether it can be written there isn't asked. */
  private long area(Hypercall call, RegisterTimeArea area, Domain caller) {
    time.area(vcpu(call), area.addr());
    return 0;
  }
}
