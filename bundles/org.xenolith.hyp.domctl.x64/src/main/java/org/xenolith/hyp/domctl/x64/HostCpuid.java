// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.Cpuid;

/** What the machine's processors answer to CPUID, which are all alike. */
@FunctionalInterface
interface HostCpuid {
  /** EAX, EBX, ECX and EDX of a leaf. */
  int[] query(int leaf, int subleaf);

  /** Those of the machine. */
  static HostCpuid of(DeviceContext context) {
    DomainsPort domains = context.port(DomainsPort.class);
    return (leaf, subleaf) -> {
      Cpuid cpuid = domains.domains().processors().getFirst().as(Core.class).cpuid;
      cpuid.own(leaf, subleaf);
      return new int[] {cpuid.eax, cpuid.ebx, cpuid.ecx, cpuid.edx};
    };
  }
}
