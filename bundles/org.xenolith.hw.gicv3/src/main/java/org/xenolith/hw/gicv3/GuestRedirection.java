// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.IccRegisters.HCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP0R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_CTLR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_DIR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_HPPIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_PMR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI0R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI1R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL1;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/**
 * Where accesses to ICC_*_EL1 go on a CPU with EL2: from EL1, HCR_EL2.FMO and IMO lead to the virtual CPU interface, and
 * ICH_HCR_EL2 may trap them. Source: the access rules of each register in Arm IHI 0069H, 12.2.
 */
final class GuestRedirection implements SystemRegisterHandler {
  private static final int HCR_FMO = 1 << 3;
  private static final int HCR_IMO = 1 << 4;

  private final ListRegisters lists;
  private final SystemRegisterHandler physical;
  private final SystemRegisterHandler virtual;

  GuestRedirection(ListRegisters lists, SystemRegisterHandler physical, SystemRegisterHandler virtual) {
    this.lists = lists;
    this.physical = physical;
    this.virtual = virtual;
  }

  @Override
  public long read(ArmCpu cpu, int register) {
    return target(cpu, register).read(cpu, register);
  }

  @Override
  public void write(ArmCpu cpu, int register, long value) {
    target(cpu, register).write(cpu, register, value);
  }

  private SystemRegisterHandler target(ArmCpu cpu, int register) {
    if (cpu.exceptionLevel() != 1 || register == ICC_SRE_EL1) {
      return physical;
    }
    int traps = lists.control(cpu.index());
    int redirections = (int) cpu.systemRegister(HCR_EL2) & (HCR_FMO | HCR_IMO);
    int trap;
    if (register >= ICC_SGI1R_EL1 && register <= ICC_SGI0R_EL1) {
      // There are no virtual software-generated interrupts: the hypervisor sends what the guest wants to send.
      if (redirections != 0) {
        throw SystemRegisterTrap.TO_EL2;
      }
      trap = ListRegisters.HCR_TC;
    } else if (register == ICC_DIR_EL1) {
      trap = ListRegisters.HCR_TC | ListRegisters.HCR_TDIR;
    } else if (register == ICC_PMR_EL1 || register == ICC_CTLR_EL1 || register == ICC_RPR_EL1) {
      trap = ListRegisters.HCR_TC;
    } else if (isGroup0(register)) {
      trap = ListRegisters.HCR_TALL0;
      redirections &= HCR_FMO;
    } else {
      trap = ListRegisters.HCR_TALL1;
      redirections &= HCR_IMO;
    }
    if ((traps & trap) != 0) {
      throw SystemRegisterTrap.TO_EL2;
    }
    return redirections != 0 ? virtual : physical;
  }

  private static boolean isGroup0(int register) {
    return register == ICC_IAR0_EL1 || register == ICC_EOIR0_EL1 || register == ICC_HPPIR0_EL1 || register == ICC_BPR0_EL1
        || register == ICC_IGRPEN0_EL1 || (register & ~3) == ICC_AP0R0_EL1;
  }
}
