// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_AP0R0_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_AP1R0_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_EISR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_ELRSR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_HCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_LR0_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_MISR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_VMCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_VTR_EL2;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** The hypervisor's registers ICH_*_EL2 and ICC_SRE_EL2. Source: Arm IHI 0069H, 12.4. */
final class HypervisorControl implements SystemRegisterHandler {
  /** System registers are the only interface, and EL1 may read that. */
  private static final long SRE = 0xF;
  /**
   * ICH_VTR_EL2: priority and preemption bits, 24-bit numbers, Aff3 valid, no direct injection, ICC_DIR_EL1 can be trapped
   * alone, number of list registers.
   */
  private static final long TYPE = (ListRegisters.PRIORITY_BITS - 1L) << 29 | (ListRegisters.PRIORITY_BITS - 1) << 26
      | 1 << 23 | 1 << 21 | 1 << 20 | 1 << 19 | ListRegisters.COUNT - 1;

  private final ListRegisters lists;

  HypervisorControl(ListRegisters lists) {
    this.lists = lists;
  }

  /** Claims the registers of a CPU. */
  void claim(ArmCpu cpu, DeviceState state) {
    List<ListedRegister> registers = IccRegisters.hypervisor(ListRegisters.COUNT);
    cpu.claim(this, ListedRegister.encodings(registers));
    state.shows("cpu" + cpu.index() + ".ICH", registers, register -> OptionalLong.of(read(cpu, register.spec().offset())));
  }

  @Override
  public long read(ArmCpu port, int register) {
    int cpu = port.index();
    if (register == ICC_SRE_EL2) {
      return SRE;
    }
    if (register == ICH_VTR_EL2) {
      return TYPE;
    }
    if (register >= ICH_LR0_EL2 && register < ICH_LR0_EL2 + ListRegisters.COUNT) {
      return lists.list(cpu, register - ICH_LR0_EL2);
    }
    int word;
    if (register == ICH_HCR_EL2) {
      word = lists.control(cpu);
    } else if (register == ICH_VMCR_EL2) {
      word = lists.guest[cpu];
    } else if (register == ICH_MISR_EL2) {
      word = lists.reasons(cpu);
    } else if (register == ICH_EISR_EL2) {
      word = lists.ended(cpu);
    } else if (register == ICH_ELRSR_EL2) {
      word = lists.free(cpu);
    } else {
      word = lists.active(cpu, register == ICH_AP0R0_EL2 ? 0 : 1);
    }
    return word & 0xFFFF_FFFFL;
  }

  @Override
  public void write(ArmCpu port, int register, long value) {
    int cpu = port.index();
    if (register == ICC_SRE_EL2) {
      return;
    }
    if (register == ICH_HCR_EL2) {
      lists.setControl(cpu, (int) value);
    } else if (register == ICH_VMCR_EL2) {
      lists.setGuest(cpu, (int) value);
    } else if (register >= ICH_LR0_EL2 && register < ICH_LR0_EL2 + ListRegisters.COUNT) {
      lists.setList(cpu, register - ICH_LR0_EL2, value);
    } else if (register == ICH_AP0R0_EL2 || register == ICH_AP1R0_EL2) {
      lists.setActive(cpu, register == ICH_AP0R0_EL2 ? 0 : 1, (int) value);
    } else {
      throw SystemRegisterTrap.UNDEFINED;
    }
    lists.update(cpu);
  }
}
