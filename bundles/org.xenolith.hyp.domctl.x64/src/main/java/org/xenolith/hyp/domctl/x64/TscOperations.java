// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import java.util.List;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlTscInfo;
import org.xenolith.xen.abi.XenErrno;

/** Time-stamp counters of domains: all read the machine's own, which never stops and has one frequency, so that nothing has to be emulated. */
final class TscOperations {
  /** Modes of xl.cfg(5): emulated if it must be, and never. */
  private static final int DEFAULT = 0;
  private static final int NATIVE = 2;

  private final DomainsPort domains;
  private final ArchitectureFactsPort facts;
  private final DomainPolicies kept;

  TscOperations(DomainsPort domains, ArchitectureFactsPort facts, DomainPolicies kept) {
    this.domains = domains;
    this.facts = facts;
    this.kept = kept;
  }

  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_gettscinfo, "gettscinfo", new DomctlTscInfo(), this::get).answers(),
        SubOperation.of(ControlOp.XEN_DOMCTL_settscinfo, "settscinfo", new DomctlTscInfo(), this::set));
  }

  private int kilohertz() {
    return (int) (facts.hertz() / 1000);
  }

  private long get(Hypercall call, DomctlTscInfo info, Domain target) {
    if (target == call.domain()) {
      return -XenErrno.XEN_EINVAL;
    }
    info.tscMode((int) kept.kept(target).tscMode.value);
    info.gtscKhz(kilohertz());
    info.incarnation((int) kept.kept(target).incarnation.value);
    info.elapsedNsec(domains.domains().now());
    return 0;
  }

  /** Another frequency than the machine's, or emulation at any rate, would be another counter. */
  private long set(Hypercall call, DomctlTscInfo info, Domain target) {
    if (target == call.domain()) {
      return -XenErrno.XEN_EINVAL;
    }
    boolean itsOwn = info.tscMode() == DEFAULT || info.tscMode() == NATIVE;
    if (!itsOwn || info.gtscKhz() != 0 && info.gtscKhz() != kilohertz()) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    kept.kept(target).tscMode.value = info.tscMode();
    kept.kept(target).incarnation.value = info.incarnation();
    return 0;
  }
}
