// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreation;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.xen.abi.DomainConfig;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.ArchDomainConfig;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.XenErrno;

/** New domains on Arm: they have an interrupt controller of the machine's own version. */
final class ArmCreation implements DomainCreation {
  /** vCPUs that a GICv2 can serve. */
  private static final int GICV2_VCPUS = 8;
  /** Where tools put it: the map of a guest is the same for all of them (public header {@code arch-arm.h}). */
  private static final AddressWindow GRANT_REGION = new AddressWindow(GuestMap.GUEST_GNTTAB_BASE, GuestMap.GUEST_GNTTAB_SIZE);

  private final DomainsPort domains;
  private final VirtualGicPort gic;
  private final ArchDomainConfig arch = new ArchDomainConfig();

  ArmCreation(DomainsPort domains, VirtualGicPort gic) {
    this.domains = domains;
    this.gic = gic;
  }

  @Override
  public int refused(DomctlCreateDomain config) {
    arch.at(config, DomctlCreateDomain.ARCH);
    int version = version();
    boolean versionWrong = arch.gicVersion() != DomainConfig.XEN_DOMCTL_CONFIG_GIC_NATIVE && arch.gicVersion() != version;
    int most = version == DomainConfig.XEN_DOMCTL_CONFIG_GIC_V2 ? GICV2_VCPUS : GuestMap.GUEST_MAX_VCPUS;
    return versionWrong || config.maxVcpus() > most || arch.teeType() != DomainConfig.XEN_DOMCTL_CONFIG_TEE_NONE ? -XenErrno.XEN_EINVAL
        : 0;
  }

  @Override
  public DomainSpec complete(DomctlCreateDomain config, DomainSpec spec) {
    return new DomainSpec(spec.name(), spec.handle(), spec.vcpus(), spec.maxPages(), spec.kind(), GuestMap.GUEST_EVTCHN_PPI, spec.weight(),
        spec.cap());
  }

  @Override
  public void made(DomctlCreateDomain config, Domain domain) {
    arch.at(config, DomctlCreateDomain.ARCH);
    domain.grantRegion(GRANT_REGION);
    arch.gicVersion(version());
    arch.clockFrequency(clockFrequency(domains.domains()));
  }

  /** The version of the interrupt controller to be given: the machine's own. */
  private int version() {
    Domain any = domains.domains().all().stream().findFirst().orElse(null);
    var facts = any == null ? null : gic.facts(any);
    return facts != null && facts.version() == 3 ? DomainConfig.XEN_DOMCTL_CONFIG_GIC_V3 : DomainConfig.XEN_DOMCTL_CONFIG_GIC_V2;
  }

  /** What the machine's timer node says of its frequency where CNTFRQ_EL0 can't be trusted; else 0. */
  private static int clockFrequency(Domains all) {
    return all.platform().nodes().stream().filter(node -> node.isCompatible("arm,armv8-timer"))
        .mapToInt(node -> (int) node.cell("clock-frequency", 0)).findFirst().orElse(0);
  }
}
