// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.xen.abi.PlatformCpuInfo;
import org.xenolith.xen.abi.PlatformOp;

/**
 * What of hypercall platform_op the hardware domain asks of the machine's CPUs: XENPF_get_cpuinfo (Xen public header {@code platform.h}). All of them are online, and none
 * comes or goes.
 */
final class PhysicalCpuCalls {
  private final List<? extends Cpu> cpus;

  /** @param cpus all of the machine, by their numbers, which the ACPI tables of boards have as processors' UIDs, too */
  PhysicalCpuCalls(List<? extends Cpu> cpus) {
    this.cpus = cpus;
  }

  /** Serves it until the owner releases it. */
  void claim(PlatformOperationsPort commands, DeviceContext owner) {
    commands.claim(owner, List.of(SubOperation.of(PlatformOp.XENPF_get_cpuinfo, "get_cpuinfo", new PlatformCpuInfo(), this::info).needs(
        Privilege.HARDWARE).answers()));
  }

  /** A CPU that there isn't is said to be none, and keeps the other numbers that the caller gave; which is the highest is said in any case. */
  private long info(Hypercall call, PlatformCpuInfo info, Domain caller) {
    int number = info.xenCpuid();
    if (Integer.compareUnsigned(number, cpus.size()) < 0) {
      info.apicId(cpus.get(number).apicId());
      info.acpiId(number);
      info.flags(PlatformOp.XEN_PCPU_FLAGS_ONLINE);
    } else {
      info.flags(PlatformOp.XEN_PCPU_FLAGS_INVALID);
    }
    info.maxPresent(cpus.size() - 1);
    return 0;
  }
}
