// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.El2;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmVcpu;

/** Makes all CPUs forget what they know of one domain's stage 2, by the instructions of a CPU (Arm ARM DDI 0487, D8.13). */
final class TlbMaintenance {
  /** TLBI VMALLS12E1IS: both stages of the current VMID, on all CPUs. */
  private static final int VMALLS12E1IS = SystemRegister.id(1, 4, 8, 3, 6);
  private static final int VMID_SHIFT = 48;

  private final DomainsPort domains;
  private final Cpu first;

  /** @param first the CPU to use while none is at EL2 */
  TlbMaintenance(DomainsPort domains, Cpu first) {
    this.domains = domains;
    this.first = first;
  }

  /** @param vttbr VTTBR_EL2 of the domain: the instruction works on the VMID that is set */
  void invalidate(long vttbr) {
    El2 el2 = cpu().el2;
    long before = el2.read(SysReg.VTTBR_EL2);
    boolean other = (before ^ vttbr) >>> VMID_SHIFT != 0;
    if (other) {
      el2.write(SysReg.VTTBR_EL2, vttbr);
    }
    el2.operation(VMALLS12E1IS, 0);
    if (other) {
      el2.write(SysReg.VTTBR_EL2, before);
    }
  }

  private Cpu cpu() {
    Domains core = domains.domains();
    Vcpu current = core == null ? null : core.current();
    Cpu loaded = current == null ? null : ArmVcpu.cpu(current);
    return loaded == null ? first : loaded;
  }
}
