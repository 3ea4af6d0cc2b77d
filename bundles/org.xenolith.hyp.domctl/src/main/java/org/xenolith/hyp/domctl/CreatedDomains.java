// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import java.util.UUID;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.DomainConfig;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.XenErrno;

/** Creates domains. */
final class CreatedDomains {
  private static final int REQUIRED = DomainConfig.XEN_DOMCTL_CDF_hvm | DomainConfig.XEN_DOMCTL_CDF_hap;
  private static final int USUAL_WEIGHT = 256;

  private final DomainsPort domains;
  private final DomainCreationPort architecture;
  private final DomctlFrame frame;

  CreatedDomains(DomctlFrame frame, DomainsPort domains, DomainCreationPort architecture) {
    this.frame = frame;
    this.domains = domains;
    this.architecture = architecture;
  }

  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_createdomain, "createdomain", new DomctlCreateDomain(), this::create).answers());
  }

  private long create(Hypercall call, DomctlCreateDomain config, Domain none) {
    long wrong = refused(config);
    if (wrong != 0) {
      return wrong;
    }
    int wanted = frame.domain();
    boolean chosen = wanted > 0 && wanted < DomainId.DOMID_FIRST_RESERVED;
    if (chosen && domains.domains().byId(wanted) != null) {
      return -XenErrno.XEN_EEXIST;
    }
    UUID handle = DomainInfo.handle(frame.memory(), Domctl.ARGUMENT + DomctlCreateDomain.HANDLE);
    Domain domain;
    try {
      // The name that tools use is in XenStore only; this one holds until the domid is known.
      domain = domains.domains().create(chosen ? wanted : -1, architecture.complete(config, new DomainSpec("new domain", handle, config
          .maxVcpus(), 0,
          DomainSpec.Kind.DOMU, 0, USUAL_WEIGHT, 0)));
    } catch (HypervisorException e) {
      return e.errno();
    }
    domain.name("domain-" + domain.id());
    frame.domain(domain.id());
    architecture.made(config, domain);
    return 0;
  }

  private long refused(DomctlCreateDomain config) {
    boolean flagsWrong = config.flags() != REQUIRED || config.iommuOpts() != 0;
    // Version 1 of grant tables is the only one that there is.
    boolean grantsWrong = config.grantOpts() != 1;
    if (flagsWrong || config.maxVcpus() < 1 || grantsWrong || config.vmtraceSize() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    long wrong = architecture.refused(config);
    return wrong != 0 || config.cpupoolId() == 0 ? wrong : -XenErrno.XEN_ESRCH;
  }
}
