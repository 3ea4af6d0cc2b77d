// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.AddressWindow;

/** Where a machine's only CPU trapped into the hypervisor by accesses to memory: addresses of the domain's, in order. */
final class StageTwoAborts {
  /** Exception class of a data abort from below (Arm ARM, ESR_EL2). */
  private static final int DATA_ABORT = 0x24;

  private final List<Long> addresses = new ArrayList<>();

  StageTwoAborts(Machine machine) {
    Cpu cpu = Counters.port(machine, DomainsPort.class).domains().processors().getFirst().as(Cpu.class);
    Counters.port(machine, HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> {
      if (kind == Kind.TRAP && a == DATA_ABORT) {
        addresses.add((cpu.sys[SysReg.HPFAR_EL2.ordinal()] & ~0xFL) << 8);
      }
    });
  }

  long in(AddressWindow window) {
    return addresses.stream().filter(address -> Long.compareUnsigned(address - window.base(), window.size()) < 0).count();
  }
}
