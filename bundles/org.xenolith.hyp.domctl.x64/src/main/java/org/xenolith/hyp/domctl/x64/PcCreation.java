// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreation;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.xen.abi.CpuPolicy;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.X64DomainConfig;
import org.xenolith.xen.abi.XenErrno;

/** New domains on x86: PVH guests, as there is no device model for HVM guests and no place for paravirtualized ones. */
final class PcCreation implements DomainCreation {
  /** Xen's HVM_MAX_VCPUS (public header {@code hvm/hvm_info_table.h}). */
  private static final int MOST_VCPUS = 128;

  private final X64DomainConfig arch = new X64DomainConfig();

  @Override
  public int refused(DomctlCreateDomain config) {
    arch.at(config, DomctlCreateDomain.ARCH);
    if (config.maxVcpus() > MOST_VCPUS || (arch.miscFlags() & ~CpuPolicy.XEN_X86_MSR_RELAXED) != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    return EmulationFlags.answer(EmulationFlags.Guest.PVH, arch.emulationFlags());
  }

  @Override
  public DomainSpec complete(DomctlCreateDomain config, DomainSpec spec) {
    arch.at(config, DomctlCreateDomain.ARCH);
    return spec.withEmulation(arch.emulationFlags());
  }

  @Override
  public void made(DomctlCreateDomain config, Domain domain) {}
}
