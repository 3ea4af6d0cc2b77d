// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.SchedPoll;
import org.xenolith.xen.abi.SchedRemoteShutdown;
import org.xenolith.xen.abi.SchedShutdown;
import org.xenolith.xen.abi.SchedWatchdog;
import org.xenolith.xen.abi.XenErrno;

/** The sub-operations of hypercall 29, sched_op. */
final class SchedulingCalls {
  private static final int EFAULT = -XenErrno.XEN_EFAULT;
  /** Ports that one poll may name, as in Xen. */
  private static final int MOST_PORTS = 128;

  private final SchedulingSubsystem scheduling;
  private final EventChannelsPort events;
  private final EventWaitersPort waiters;
  private final byte[] ports = new byte[4 * MOST_PORTS];
  private final AbiBytes portBytes = new AbiBytes(ports);

  private SchedulingCalls(SchedulingSubsystem scheduling, DeviceContext context) {
    this.scheduling = scheduling;
    events = context.port(EventChannelsPort.class);
    waiters = context.port(EventWaitersPort.class);
  }

  static SubOperations of(SchedulingSubsystem scheduling, DeviceContext context) {
    SchedulingCalls c = new SchedulingCalls(scheduling, context);
    return new SubOperations(context).add(
        SubOperation.of(SchedOp.SCHEDOP_yield, "yield", call -> {
          call.vcpu().yield();
          return 0;
        }),
        SubOperation.of(SchedOp.SCHEDOP_block, "block", call -> c.block(call.vcpu())),
        SubOperation.of(SchedOp.SCHEDOP_shutdown, "shutdown", new SchedShutdown(), (call, shutdown, caller) -> {
          scheduling.shutdown(caller, shutdown.reason() & 0xFF);
          return 0;
        }),
        SubOperation.of(SchedOp.SCHEDOP_shutdown_code, "shutdown_code", new SchedShutdown(), (call, shutdown, caller) -> {
          scheduling.announce(caller, shutdown.reason() & 0xFF);
          return 0;
        }),
        SubOperation.of(SchedOp.SCHEDOP_poll, "poll", new SchedPoll(), c::poll),
        SubOperation.of(SchedOp.SCHEDOP_remote_shutdown, "remote_shutdown", new SchedRemoteShutdown(), (call, shutdown, domain) -> {
          scheduling.shutdown(domain, shutdown.reason() & 0xFF);
          return 0;
        }).target(SchedRemoteShutdown::domainId).needs(Privilege.CONTROL),
        SubOperation.of(SchedOp.SCHEDOP_watchdog, "watchdog", new SchedWatchdog(),
            (call, watchdog, caller) -> scheduling.watchdog(caller, watchdog.id(), watchdog.timeout())));
  }

  /** Events are let through; one that waits already is as good as a wait. */
  private int block(Vcpu vcpu) {
    vcpu.unmask();
    if (!events.pending(vcpu)) {
      vcpu.block();
    }
    return 0;
  }

  /** Waits until one of the ports is pending, masked or not, or the time is there; anything that wakes it ends it too. */
  private long poll(Hypercall call, SchedPoll poll, Domain caller) {
    int count = poll.nrPorts();
    if (count < 0 || count > MOST_PORTS) {
      return -XenErrno.XEN_EINVAL;
    }
    if (count > 0 && !call.read(poll.ports(), ports, 0, 4 * count)) {
      return EFAULT;
    }
    Vcpu vcpu = call.vcpu();
    if (events.pending(vcpu)) {
      return 0;
    }
    for (int i = 0; i < count; i++) {
      int port = portBytes.read32(4L * i);
      if (port <= 0 || port >= FifoEvent.EVTCHN_FIFO_NR_CHANNELS) {
        return -XenErrno.XEN_EINVAL;
      }
      if (events.pending(caller, port)) {
        return 0;
      }
    }
    waiters.add(vcpu, count == 1 ? portBytes.read32(0) : EventWaitersPort.ANY);
    if (poll.timeout() == 0) {
      vcpu.block();
    } else {
      vcpu.blockUntil(Math.max(0, poll.timeout()));
    }
    return 0;
  }
}
