// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import java.util.UUID;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.ArchDomainConfig;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainConfig;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.XenErrno;

/** Creates domains on Arm. */
final class DomainCreation {
  /** vCPUs that each version of the interrupt controller can serve. */
  private static final int GICV2_VCPUS = 8;
  private static final int REQUIRED = DomainConfig.XEN_DOMCTL_CDF_hvm | DomainConfig.XEN_DOMCTL_CDF_hap;
  private static final int USUAL_WEIGHT = 256;
  /** Where tools put it: the map of a guest is the same for all of them (public header {@code arch-arm.h}). */
  private static final AddressWindow GRANT_REGION = new AddressWindow(GuestMap.GUEST_GNTTAB_BASE, GuestMap.GUEST_GNTTAB_SIZE);

  private final DomainsPort domains;
  private final VirtualGicPort gic;
  private final DomctlFrame frame;
  private final ArchDomainConfig arch = new ArchDomainConfig();

  DomainCreation(DomctlFrame frame, DomainsPort domains, VirtualGicPort gic) {
    this.frame = frame;
    this.domains = domains;
    this.gic = gic;
  }

  List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_createdomain, "createdomain", new DomctlCreateDomain(), this::create).answers());
  }

  private long create(Hypercall call, DomctlCreateDomain config, Domain none) {
    arch.at(config, DomctlCreateDomain.ARCH);
    int version = version();
    long wrong = refused(config, version);
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
      domain = domains.domains().create(chosen ? wanted : -1, new DomainSpec("new domain", handle, config.maxVcpus(), 0,
          DomainSpec.Kind.DOMU, GuestMap.GUEST_EVTCHN_PPI, USUAL_WEIGHT, 0));
    } catch (HypervisorException e) {
      return e.errno();
    }
    domain.name("domain-" + domain.id());
    domain.grantRegion(GRANT_REGION);
    frame.domain(domain.id());
    arch.gicVersion(version);
    arch.clockFrequency(clockFrequency(domains.domains()));
    return 0;
  }

  /** The version of the interrupt controller to be given: the machine's own. */
  private int version() {
    Domain any = domains.domains().all().stream().findFirst().orElse(null);
    var facts = any == null ? null : gic.facts(any);
    return facts != null && facts.version() == 3 ? DomainConfig.XEN_DOMCTL_CONFIG_GIC_V3 : DomainConfig.XEN_DOMCTL_CONFIG_GIC_V2;
  }

  private long refused(DomctlCreateDomain config, int version) {
    boolean flagsWrong = config.flags() != REQUIRED || config.iommuOpts() != 0;
    boolean versionWrong = arch.gicVersion() != DomainConfig.XEN_DOMCTL_CONFIG_GIC_NATIVE && arch.gicVersion() != version;
    int most = version == DomainConfig.XEN_DOMCTL_CONFIG_GIC_V2 ? GICV2_VCPUS : GuestMap.GUEST_MAX_VCPUS;
    boolean vcpusWrong = config.maxVcpus() < 1 || config.maxVcpus() > most;
    // Version 1 of grant tables is the only one that there is on Arm.
    boolean grantsWrong = config.grantOpts() != 1;
    boolean restWrong = config.vmtraceSize() != 0 || arch.teeType() != DomainConfig.XEN_DOMCTL_CONFIG_TEE_NONE;
    if (flagsWrong || versionWrong || vcpusWrong || grantsWrong || restWrong) {
      return -XenErrno.XEN_EINVAL;
    }
    return config.cpupoolId() == 0 ? 0 : -XenErrno.XEN_ESRCH;
  }

  /** What the machine's timer node says of its frequency where CNTFRQ_EL0 can't be trusted; else 0. */
  private static int clockFrequency(Domains all) {
    return all.platform().nodes().stream().filter(node -> node.isCompatible("arm,armv8-timer"))
        .mapToInt(node -> (int) node.cell("clock-frequency", 0)).findFirst().orElse(0);
  }
}
