// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.ControlBitmap;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.SysctlArgument;
import org.xenolith.xen.abi.SysctlCpupoolOp;
import org.xenolith.xen.abi.SysctlSchedId;
import org.xenolith.xen.abi.SysctlSchedulerOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * The one pool of CPUs, number 0, that has all of them and all domains, and its scheduler, which goes by credit2's name. No
 * further pool can be made.
 */
final class CpuPool {
  private final DomainsPort domains;
  /** Least time in microseconds that a vCPU runs on; kept for who asks. */
  private final LongCell rateLimit;
  private final ControlBitmap map = new ControlBitmap();

  CpuPool(DomainsPort domains, DeviceState state) {
    this.domains = domains;
    rateLimit = state.cell("rate-limit", 1000);
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_SYSCTL_sched_id, "sched_id", new SysctlSchedId(), (call, scheduler, caller) -> {
          scheduler.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
          return 0;
        }),
        SubOperation.of(ControlOp.XEN_SYSCTL_cpupool_op, "cpupool_op", new SysctlCpupoolOp(), this::pool),
        SubOperation.of(ControlOp.XEN_SYSCTL_scheduler_op, "scheduler_op", new SysctlSchedulerOp(), this::scheduler));
  }

  private long pool(Hypercall call, SysctlCpupoolOp pool, Domain caller) {
    return switch (pool.op()) {
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_INFO -> info(call, pool);
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_FREEINFO -> map(call, pool, 0) ? 0 : -XenErrno.XEN_EFAULT;
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_CREATE -> -XenErrno.XEN_ENOMEM;
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_DESTROY -> pool.cpupoolId() == 0 ? -XenErrno.XEN_EBUSY : -XenErrno.XEN_ENOENT;
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_RMCPU -> pool.cpupoolId() == 0 ? takeAway(pool) : -XenErrno.XEN_ENOENT;
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_ADDCPU -> pool.cpupoolId() == 0 ? -XenErrno.XEN_ENODEV : -XenErrno.XEN_ENOENT;
      case SysctlArgument.XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN -> move(caller, pool);
      default -> -XenErrno.XEN_ENOSYS;
    };
  }

  /** The first pool from a number on: tools go through all with it. */
  private long info(Hypercall call, SysctlCpupoolOp pool) {
    if (pool.cpupoolId() != 0) {
      return -XenErrno.XEN_ENOENT;
    }
    pool.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
    pool.nDom(domains.domains().all().size());
    return map(call, pool, domains.domains().processors().size()) ? 0 : -XenErrno.XEN_EFAULT;
  }

  /** The first CPU must stay, as in Xen; so must the others, for want of a pool that could take them. */
  private long takeAway(SysctlCpupoolOp pool) {
    boolean another = pool.cpu() > 0 && pool.cpu() < domains.domains().processors().size();
    return another || pool.cpu() == SysctlArgument.XEN_SYSCTL_CPUPOOL_PAR_ANY ? -XenErrno.XEN_EBUSY : -XenErrno.XEN_EINVAL;
  }

  private long move(Domain caller, SysctlCpupoolOp pool) {
    if (pool.domid() == caller.id()) {
      return -XenErrno.XEN_EPERM;
    }
    if (domains.domains().byId(pool.domid()) == null) {
      return -XenErrno.XEN_ESRCH;
    }
    return pool.cpupoolId() == 0 ? 0 : -XenErrno.XEN_ENOENT;
  }

  /** Writes the first so many CPUs to the caller's map; bytes behind them become zero. */
  private boolean map(Hypercall call, SysctlCpupoolOp pool, int cpus) {
    map.at(pool, SysctlCpupoolOp.CPUMAP);
    long room = (map.nrBits() & 0xFFFF_FFFFL) + 7 >>> 3;
    byte[] chunk = new byte[(int) Math.min(room, 256)];
    for (long done = 0; done < room; done += chunk.length) {
      int length = (int) Math.min(chunk.length, room - done);
      for (int i = 0; i < length; i++) {
        long left = cpus - 8 * (done + i);
        chunk[i] = (byte) (left >= 8 ? 0xFF : left <= 0 ? 0 : (1 << left) - 1);
      }
      if (!call.write(map.bitmap() + done, chunk, 0, length)) {
        return false;
      }
    }
    return true;
  }

  private long scheduler(Hypercall call, SysctlSchedulerOp scheduler, Domain caller) {
    int command = scheduler.cmd();
    if (command != SysctlArgument.XEN_SYSCTL_SCHEDOP_putinfo && command != SysctlArgument.XEN_SYSCTL_SCHEDOP_getinfo) {
      return -XenErrno.XEN_EINVAL;
    }
    if (scheduler.cpupoolId() != 0) {
      return -XenErrno.XEN_ESRCH;
    }
    if (scheduler.schedId() != DomctlArgument.XEN_SCHEDULER_CREDIT2) {
      return -XenErrno.XEN_EINVAL;
    }
    if (command == SysctlArgument.XEN_SYSCTL_SCHEDOP_putinfo) {
      long limit = scheduler.credit2RatelimitUs() & 0xFFFF_FFFFL;
      if (limit != 0 && (limit < SysctlArgument.XEN_SYSCTL_SCHED_RATELIMIT_MIN
          || limit > SysctlArgument.XEN_SYSCTL_SCHED_RATELIMIT_MAX)) {
        return -XenErrno.XEN_EINVAL;
      }
      rateLimit.value = limit;
    }
    scheduler.credit2RatelimitUs((int) rateLimit.value);
    return 0;
  }
}
