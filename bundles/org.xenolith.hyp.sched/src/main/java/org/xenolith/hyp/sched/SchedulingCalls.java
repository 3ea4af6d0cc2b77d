// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaiters;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.SchedPoll;
import org.xenolith.xen.abi.SchedRemoteShutdown;
import org.xenolith.xen.abi.SchedShutdown;
import org.xenolith.xen.abi.SchedWatchdog;
import org.xenolith.xen.abi.XenErrno;

/** Hypercall 29, sched_op: sub-operation in x0, its argument or the argument's address in x1. */
final class SchedulingCalls implements HypercallHandler {
  private static final int EFAULT = -XenErrno.XEN_EFAULT;
  /** Ports that one poll may name, as in Xen. */
  private static final int MOST_PORTS = 128;
  private static final int SPSR_EL2 = SysReg.SPSR_EL2.ordinal();
  /** PSTATE.I. */
  private static final long IRQ_MASK = 1 << 7;

  private final SchedulingSubsystem scheduling;
  private final EventChannelsPort events;
  private final EventWaiters waiters;
  private final AccessControlPort access;
  private final byte[] argument = new byte[SchedPoll.SIZE];
  private final byte[] ports = new byte[4 * MOST_PORTS];
  private final AbiBytes portBytes = new AbiBytes(ports);
  private final SchedShutdown shutdown = new SchedShutdown();
  private final SchedPoll poll = new SchedPoll();
  private final SchedRemoteShutdown remoteShutdown = new SchedRemoteShutdown();
  private final SchedWatchdog watchdog = new SchedWatchdog();

  SchedulingCalls(SchedulingSubsystem scheduling, DeviceContext context) {
    this.scheduling = scheduling;
    events = context.port(EventChannelsPort.class);
    waiters = context.port(EventWaiters.class);
    access = context.port(AccessControlPort.class);
    AbiBytes bytes = new AbiBytes(argument);
    shutdown.at(bytes, 0);
    poll.at(bytes, 0);
    remoteShutdown.at(bytes, 0);
    watchdog.at(bytes, 0);
  }

  @Override
  public long call(Hypercall call) {
    return switch ((int) call.argument(0)) {
      case SchedOp.SCHEDOP_yield -> {
        call.vcpu().yield();
        yield 0;
      }
      case SchedOp.SCHEDOP_block -> block(call.vcpu());
      case SchedOp.SCHEDOP_shutdown -> {
        if (!in(call, SchedShutdown.SIZE)) {
          yield EFAULT;
        }
        scheduling.shutdown(call.domain(), shutdown.reason() & 0xFF);
        yield 0;
      }
      case SchedOp.SCHEDOP_shutdown_code -> {
        if (!in(call, SchedShutdown.SIZE)) {
          yield EFAULT;
        }
        scheduling.announce(call.domain(), shutdown.reason() & 0xFF);
        yield 0;
      }
      case SchedOp.SCHEDOP_poll -> in(call, SchedPoll.SIZE) ? poll(call) : EFAULT;
      case SchedOp.SCHEDOP_remote_shutdown -> in(call, SchedRemoteShutdown.SIZE) ? remoteShutdown(call) : EFAULT;
      case SchedOp.SCHEDOP_watchdog ->
          in(call, SchedWatchdog.SIZE) ? scheduling.watchdog(call.domain(), watchdog.id(), watchdog.timeout()) : EFAULT;
      default -> -XenErrno.XEN_ENOSYS;
    };
  }

  private boolean in(Hypercall call, int size) {
    return call.read(call.argument(1), argument, 0, size);
  }

  /** Interrupts are unmasked, as on Arm there is no other mask of events; an event that waits already is as good as a wait. */
  private int block(Vcpu vcpu) {
    Cpu cpu = vcpu.loaded();
    if (cpu != null) {
      cpu.sys[SPSR_EL2] &= ~IRQ_MASK;
    }
    if (!events.pending(vcpu)) {
      vcpu.block();
    }
    return 0;
  }

  /** Waits until one of the ports is pending, masked or not, or the time is there; anything that wakes it ends it too. */
  private int poll(Hypercall call) {
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
      if (events.pending(call.domain(), port)) {
        return 0;
      }
    }
    waiters.add(vcpu, count == 1 ? portBytes.read32(0) : EventWaiters.ANY);
    if (poll.timeout() == 0) {
      vcpu.block();
    } else {
      vcpu.blockUntil(Math.max(0, poll.timeout()));
    }
    return 0;
  }

  private int remoteShutdown(Hypercall call) {
    int id = remoteShutdown.domainId();
    Domain domain = id == DomainId.DOMID_SELF ? call.domain() : scheduling.domain(id);
    if (domain == null) {
      return -XenErrno.XEN_ESRCH;
    }
    if (!access.allowed(call.domain(), Privilege.CONTROL, domain)) {
      return -XenErrno.XEN_EPERM;
    }
    scheduling.shutdown(domain, remoteShutdown.reason() & 0xFF);
    return 0;
  }
}
