// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.machine.control.Machine;

/** Finds out whose code a CPU executes. */
final class Origins {
  /** HCR_EL2.VM. */
  private static final long STAGE_2 = 1;
  private static final int ASID_16 = 36;
  private static final int ASID_OF_UPPER = 22;
  private static final int ID = 48;

  private final DomainsPort domains;
  private final P2mPort p2m;

  Origins(Machine machine) {
    boolean hypervisor = machine.platform().node(HypervisorNode.PATH).isPresent();
    domains = hypervisor ? machine.port(HypervisorNode.PATH, DomainsPort.class) : null;
    p2m = hypervisor ? machine.port(HypervisorNode.PATH, P2mPort.class) : null;
  }

  Origin of(Cpu cpu) {
    return new Origin(cpu.el <= 1 ? domain(cpu) : "", cpu.el, cpu.el == 0 ? asid(cpu) : 0);
  }

  private String domain(Cpu cpu) {
    if (!cpu.config.el2() || (register(cpu, SysReg.HCR_EL2) & STAGE_2) == 0) {
      return "";
    }
    long tables = register(cpu, SysReg.VTTBR_EL2);
    if (domains != null && domains.domains() != null) {
      for (Domain domain : domains.domains().all()) {
        if (p2m.root(domain) == tables) {
          return "d" + domain.id();
        }
      }
    }
    return "VMID " + (tables >>> ID);
  }

  private static int asid(Cpu cpu) {
    long control = register(cpu, SysReg.TCR_EL1);
    SysReg holder = (control >>> ASID_OF_UPPER & 1) != 0 ? SysReg.TTBR1_EL1 : SysReg.TTBR0_EL1;
    int asid = (int) (register(cpu, holder) >>> ID);
    return (control >>> ASID_16 & 1) != 0 ? asid : asid & 0xFF;
  }

  private static long register(Cpu cpu, SysReg register) {
    return cpu.sys[register.ordinal()];
  }
}
