// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlSchedulerOp;
import org.xenolith.xen.abi.XenErrno;

/** Share and cap of a domain; the scheduler says that it is credit2, whose parameters ours has. */
final class SchedulerSettings {
  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_scheduler_op, "scheduler_op", new DomctlSchedulerOp(),
        SchedulerSettings::settings).answers().always());
  }

  private static long settings(Hypercall call, DomctlSchedulerOp argument, Domain domain) {
    if (argument.schedId() != DomctlArgument.XEN_SCHEDULER_CREDIT2) {
      return -XenErrno.XEN_EINVAL;
    }
    return switch (argument.cmd()) {
      case DomctlArgument.XEN_DOMCTL_SCHEDOP_getinfo -> {
        argument.weight(domain.weight());
        argument.cap(domain.cap());
        yield 0;
      }
      case DomctlArgument.XEN_DOMCTL_SCHEDOP_putinfo -> put(domain, argument);
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  /** A weight of 0 leaves it as it is, a cap of 0 takes it away. */
  private static long put(Domain domain, DomctlSchedulerOp argument) {
    int weight = argument.weight() == 0 ? domain.weight() : argument.weight();
    boolean tooMuch = argument.cap() > 100 * domain.vcpus().size();
    domain.schedule(weight, tooMuch ? domain.cap() : argument.cap());
    return tooMuch ? -XenErrno.XEN_EINVAL : 0;
  }
}
