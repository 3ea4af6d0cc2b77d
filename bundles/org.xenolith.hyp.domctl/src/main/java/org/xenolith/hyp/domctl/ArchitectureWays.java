// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;

/** What is served besides that only one architecture has: creation, registers and hardware of domains. */
@FunctionalInterface
interface ArchitectureWays {
  /** Those of Arm. */
  ArchitectureWays ARM = (frame, domains, p2m, context) -> {
    VirtualGicPort gic = context.port(VirtualGicPort.class);
    return Stream.of(new DomainCreation(frame, domains, new ArmCreation(domains, gic)).operations(), new VcpuRegisters().operations(),
        new Hardware(p2m, gic)
            .operations())
        .<SubOperation<?>>flatMap(List::stream).toList();
  };
  /** Those of x86; what else is its own is added by other subsystems. */
  ArchitectureWays PC = (frame, domains, p2m, context) -> List.copyOf(new DomainCreation(frame, domains, new PcCreation()).operations());

  /** The operations. @param frame in which their arguments come */
  List<SubOperation<?>> operations(DomctlFrame frame, DomainsPort domains, P2mPort p2m, DeviceContext context);
}
