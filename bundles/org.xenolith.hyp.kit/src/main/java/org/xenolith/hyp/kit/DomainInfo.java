// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.UUID;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.DomainFlag;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.VcpuOp;

/** What the tools are told of a domain, the same by XEN_DOMCTL_getdomaininfo and XEN_SYSCTL_getdomaininfolist. */
public final class DomainInfo {
  /** Bits of an intermediate physical address when no provider of stage 2 says how many there are. */
  private static final int USUAL_IPA_BITS = 40;

  private final P2mPort p2m;
  private final ArchitectureFactsPort facts;
  private final DomctlGetDomainInfo info = new DomctlGetDomainInfo();

  /**
   * What is told by these.
   *
   * @param p2m   what knows how much memory a domain has
   * @param facts how long an element is
   */
  public DomainInfo(P2mPort p2m, ArchitectureFactsPort facts) {
    this.p2m = p2m;
    this.facts = facts;
  }

  /** Writes an element. @return its bytes, {@link DomctlGetDomainInfo#SIZE} at most */
  public int write(Domain domain, AbiMemory to, long at) {
    for (int i = 0; i < DomctlGetDomainInfo.SIZE; i++) {
      to.write8(at + i, (byte) 0);
    }
    info.at(to, at);
    info.domain(domain.id());
    info.flags(flags(domain));
    info.totPages(p2m.pages(domain));
    info.maxPages(domain.maxPages());
    info.sharedInfoFrame(domain.sharedInfo() >>> 12);
    info.cpuTime(domain.cpuTime());
    info.nrOnlineVcpus((int) domain.vcpus().stream().filter(Vcpu::online).count());
    info.maxVcpuId(domain.vcpus().isEmpty() ? DomainFlag.XEN_INVALID_MAX_VCPU_ID : domain.vcpus().size() - 1);
    handle(domain.handle(), to, at + DomctlGetDomainInfo.HANDLE);
    int unused = (int) p2m.control() & 0x3F;
    info.gpaddrBits(unused == 0 ? USUAL_IPA_BITS : 64 - unused);
    byte[] configuration = facts.domainConfiguration(domain);
    int told = Math.min(configuration.length, DomctlGetDomainInfo.SIZE - DomctlGetDomainInfo.ARCH_CONFIG);
    for (int i = 0; i < told; i++) {
      to.write8(at + DomctlGetDomainInfo.ARCH_CONFIG + i, configuration[i]);
    }
    return DomctlGetDomainInfo.ARCH_CONFIG + told;
  }

  /** Writes a domain's UUID as the ABI has it: 16 bytes, the first one first. */
  public static void handle(UUID handle, AbiMemory to, long at) {
    for (int i = 0; i < 8; i++) {
      to.write8(at + i, (byte) (handle.getMostSignificantBits() >>> 56 - 8 * i));
      to.write8(at + 8 + i, (byte) (handle.getLeastSignificantBits() >>> 56 - 8 * i));
    }
  }

  /** Reads a domain's UUID as the ABI has it. */
  public static UUID handle(AbiMemory from, long at) {
    long most = 0;
    long least = 0;
    for (int i = 0; i < 8; i++) {
      most = most << 8 | from.read8(at + i) & 0xFF;
      least = least << 8 | from.read8(at + 8 + i) & 0xFF;
    }
    return new UUID(most, least);
  }

  /** Blocked if every vCPU that is online waits, running if one executes; without any online vCPU neither. */
  private static int flags(Domain domain) {
    int flags = 0;
    boolean online = false;
    boolean blocked = true;
    boolean running = false;
    for (Vcpu vcpu : domain.vcpus()) {
      if (vcpu.online()) {
        online = true;
        blocked &= vcpu.blocked();
        running |= vcpu.runstateKind() == VcpuOp.RUNSTATE_running;
      }
    }
    if (online) {
      flags |= (blocked ? DomainFlag.XEN_DOMINF_blocked : 0) | (running ? DomainFlag.XEN_DOMINF_running : 0);
    }
    // Every guest is "hvm" with hardware-assisted paging.
    flags |= DomainFlag.XEN_DOMINF_hvm_guest | DomainFlag.XEN_DOMINF_hap;
    flags |= domain.state() == DomainState.DYING ? DomainFlag.XEN_DOMINF_dying : 0;
    flags |= domain.state() == DomainState.SHUTDOWN ? DomainFlag.XEN_DOMINF_shutdown : 0;
    flags |= domain.pauseCount() > 0 ? DomainFlag.XEN_DOMINF_paused : 0;
    flags |= domain.kind() == DomainSpec.Kind.SERVICE ? DomainFlag.XEN_DOMINF_xs_domain : 0;
    // A domain that did not shut down has a code of all ones, which fills the bits above the field, too.
    return flags | domain.shutdownReason() << DomainFlag.XEN_DOMINF_shutdownshift;
  }
}
