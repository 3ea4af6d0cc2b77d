// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlMaxVcpus;
import org.xenolith.xen.abi.XenErrno;

/** Pauses, resumes and destroys domains. */
final class DomainLife {
  /** Pauses that a tool may pile up. */
  private static final int PAUSES = 255;

  private final DomainsPort domains;

  DomainLife(DomainsPort domains) {
    this.domains = domains;
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_destroydomain, "destroydomain", this::destroy),
        SubOperation.of(ControlOp.XEN_DOMCTL_pausedomain, "pausedomain", DomainLife::pause),
        SubOperation.of(ControlOp.XEN_DOMCTL_unpausedomain, "unpausedomain", DomainLife::unpause),
        SubOperation.of(ControlOp.XEN_DOMCTL_resumedomain, "resumedomain", DomainLife::resume),
        SubOperation.of(ControlOp.XEN_DOMCTL_max_vcpus, "max_vcpus", new DomctlMaxVcpus(), DomainLife::vcpus),
        SubOperation.of(ControlOp.XEN_DOMCTL_soft_reset, "soft_reset",
            (call, none, target) -> target == call.domain() ? -XenErrno.XEN_EINVAL : -XenErrno.XEN_ENOSYS));
  }

  private long destroy(Hypercall call, AbiStruct none, Domain target) {
    if (target == call.domain()) {
      return -XenErrno.XEN_EINVAL;
    }
    try {
      domains.domains().destroy(target);
      return 0;
    } catch (HypervisorException e) {
      return e.errno();
    }
  }

  private static long pause(Hypercall call, AbiStruct none, Domain target) {
    if (target == call.domain()) {
      return -XenErrno.XEN_EINVAL;
    }
    if (target.pauseCount() >= PAUSES) {
      return -XenErrno.XEN_EOVERFLOW;
    }
    target.pause();
    return 0;
  }

  private static long unpause(Hypercall call, AbiStruct none, Domain target) {
    if (target.pauseCount() == 0) {
      return -XenErrno.XEN_EINVAL;
    }
    target.unpause();
    return 0;
  }

  /** Nothing shuts a domain down and lets it go on yet, so that there is nothing to resume in one that runs. */
  private static long resume(Hypercall call, AbiStruct none, Domain target) {
    if (target == call.domain()) {
      return -XenErrno.XEN_EINVAL;
    }
    return target.state() == DomainState.SHUTDOWN ? -XenErrno.XEN_ENOSYS : 0;
  }

  /** The number was fixed, and the vCPUs made, at creation. */
  private static long vcpus(Hypercall call, DomctlMaxVcpus vcpus, Domain target) {
    return target == call.domain() || vcpus.max() != target.vcpus().size() ? -XenErrno.XEN_EINVAL : 0;
  }
}
