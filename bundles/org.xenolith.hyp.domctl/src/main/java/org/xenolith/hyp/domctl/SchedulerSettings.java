// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlSchedulerOp;
import org.xenolith.xen.abi.XenErrno;

/** Share and cap of a domain; the scheduler says that it is credit2, whose parameters ours has. */
final class SchedulerSettings {
  private final DomctlSchedulerOp argument = new DomctlSchedulerOp();

  void register(Registration operations) {
    operations.serve(ControlOp.XEN_DOMCTL_scheduler_op, this::settings);
  }

  private long settings(Request request) {
    request.answer();
    Domain domain = request.target();
    if (request.argument(argument).schedId() != DomctlArgument.XEN_SCHEDULER_CREDIT2) {
      return -XenErrno.XEN_EINVAL;
    }
    return switch (argument.cmd()) {
      case DomctlArgument.XEN_DOMCTL_SCHEDOP_getinfo -> {
        argument.weight(domain.weight());
        argument.cap(domain.cap());
        yield 0;
      }
      case DomctlArgument.XEN_DOMCTL_SCHEDOP_putinfo -> put(domain);
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  /** A weight of 0 leaves it as it is, a cap of 0 takes it away. */
  private long put(Domain domain) {
    int weight = argument.weight() == 0 ? domain.weight() : argument.weight();
    boolean tooMuch = argument.cap() > 100 * domain.vcpus().size();
    domain.schedule(weight, tooMuch ? domain.cap() : argument.cap());
    return tooMuch ? -XenErrno.XEN_EINVAL : 0;
  }
}
