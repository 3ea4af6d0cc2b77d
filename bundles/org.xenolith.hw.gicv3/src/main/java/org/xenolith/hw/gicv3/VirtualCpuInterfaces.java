// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP0R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP1R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_CTLR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_DIR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_HPPIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_HPPIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_PMR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;
import static org.xenolith.hw.gicv3.InterruptStates.SPURIOUS;
import static org.xenolith.hw.gicv3.ListRegisters.NONE;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/**
 * The virtual CPU interfaces: what ICC_*_EL1 is for a guest at EL1 (the manual then calls the registers ICV_*_EL1). The
 * interrupts are those in the list registers. Source: Arm IHI 0069H, 12.3.
 */
final class VirtualCpuInterfaces implements SystemRegisterHandler {
  private static final int CBPR = 1;
  private static final int EOI_MODE = 1 << 1;
  /** ICV_CTLR_EL1: Aff3 is valid, 24-bit interrupt numbers, priority bits. */
  private static final int CTLR_FIXED = 1 << 15 | 1 << 11 | ListRegisters.PRIORITY_BITS - 1 << 8;
  private static final int IDLE = 0xFF;
  /** The numbers from here to 1023 are of no interrupt. */
  private static final int FIRST_SPECIAL = 1020;

  private final ListRegisters lists;
  private final CpuInterfaces physical;

  /** @param physical deactivates physical interrupts */
  VirtualCpuInterfaces(ListRegisters lists, CpuInterfaces physical) {
    this.lists = lists;
    this.physical = physical;
  }

  @Override
  public long read(ArmCpu port, int register) {
    int cpu = port.index();
    int guest = lists.guest[cpu];
    if (register == ICC_IAR1_EL1) {
      return acknowledge(cpu, 1);
    }
    if (register == ICC_IAR0_EL1) {
      return acknowledge(cpu, 0);
    }
    if (register == ICC_HPPIR1_EL1) {
      return pending(cpu, 1);
    }
    if (register == ICC_HPPIR0_EL1) {
      return pending(cpu, 0);
    }
    if (register == ICC_PMR_EL1) {
      return lists.priorityMask(cpu);
    }
    if (register == ICC_RPR_EL1) {
      return Math.min(lists.running(cpu), IDLE);
    }
    if (register == ICC_CTLR_EL1) {
      return CTLR_FIXED | ((guest & ListRegisters.VMCR_CBPR) != 0 ? CBPR : 0)
          | ((guest & ListRegisters.VMCR_EOI_MODE) != 0 ? EOI_MODE : 0);
    }
    if (register == ICC_BPR0_EL1) {
      return lists.binaryPoint(cpu, 0);
    }
    if (register == ICC_BPR1_EL1) {
      return (guest & ListRegisters.VMCR_CBPR) != 0 ? Math.min(lists.binaryPoint(cpu, 0) + 1, 7) : lists.binaryPoint(cpu, 1);
    }
    if (register == ICC_IGRPEN0_EL1) {
      return guest & 1;
    }
    if (register == ICC_IGRPEN1_EL1) {
      return guest >> 1 & 1;
    }
    if (register == ICC_AP0R0_EL1 || register == ICC_AP1R0_EL1) {
      return lists.active(cpu, register == ICC_AP0R0_EL1 ? 0 : 1) & 0xFFFF_FFFFL;
    }
    throw SystemRegisterTrap.UNDEFINED;
  }

  @Override
  public void write(ArmCpu port, int register, long value) {
    int cpu = port.index();
    if (register == ICC_EOIR1_EL1) {
      end(cpu, 1, value);
    } else if (register == ICC_EOIR0_EL1) {
      end(cpu, 0, value);
    } else if (register == ICC_DIR_EL1) {
      if ((lists.guest[cpu] & ListRegisters.VMCR_EOI_MODE) != 0) {
        deactivate(cpu, value);
      }
    } else if (register == ICC_PMR_EL1) {
      lists.setPriorityMask(cpu, (int) value);
    } else if (register == ICC_CTLR_EL1) {
      int bits = ((value & CBPR) != 0 ? ListRegisters.VMCR_CBPR : 0)
          | ((value & EOI_MODE) != 0 ? ListRegisters.VMCR_EOI_MODE : 0);
      lists.guest[cpu] = lists.guest[cpu] & ~(ListRegisters.VMCR_CBPR | ListRegisters.VMCR_EOI_MODE) | bits;
    } else if (register == ICC_BPR0_EL1) {
      lists.setBinaryPoint(cpu, 0, (int) value);
    } else if (register == ICC_BPR1_EL1) {
      if ((lists.guest[cpu] & ListRegisters.VMCR_CBPR) == 0) {
        lists.setBinaryPoint(cpu, 1, (int) value);
      }
    } else if (register == ICC_IGRPEN0_EL1) {
      lists.guest[cpu] = lists.guest[cpu] & ~1 | (int) value & 1;
    } else if (register == ICC_IGRPEN1_EL1) {
      lists.guest[cpu] = lists.guest[cpu] & ~2 | ((int) value & 1) << 1;
    } else if (register == ICC_AP0R0_EL1 || register == ICC_AP1R0_EL1) {
      lists.setActive(cpu, register == ICC_AP0R0_EL1 ? 0 : 1, (int) value);
    } else {
      throw SystemRegisterTrap.UNDEFINED;
    }
    lists.update(cpu);
  }

  private int pending(int cpu, int group) {
    int index = lists.highest(cpu);
    return index != NONE && lists.group(cpu, index) == group ? lists.number(cpu, index) & 0xFF_FFFF : SPURIOUS;
  }

  private int acknowledge(int cpu, int group) {
    int index = lists.highest(cpu);
    if (index == NONE || lists.group(cpu, index) != group || !lists.preempts(cpu, index)) {
      return SPURIOUS;
    }
    int number = lists.number(cpu, index) & 0xFF_FFFF;
    if (special(number)) {
      lists.discard(cpu, index);
    } else {
      lists.acknowledge(cpu, index);
    }
    lists.update(cpu);
    return number;
  }

  private static boolean special(int number) {
    return number >= FIRST_SPECIAL && number <= SPURIOUS;
  }

  private void end(int cpu, int group, long value) {
    // An end that drops no priority is ignored and not counted either (ICH_HCR_EL2.EOIcount).
    if (!special((int) value & 0xFF_FFFF) && lists.drop(cpu, group)
        && (lists.guest[cpu] & ListRegisters.VMCR_EOI_MODE) == 0) {
      deactivate(cpu, value);
    }
  }

  private void deactivate(int cpu, long value) {
    int index = lists.deactivate(cpu, (int) value & 0xFF_FFFF);
    int hardware = index == NONE ? NONE : lists.physical(cpu, index);
    // Only what a device drives can stand behind a virtual interrupt.
    if (hardware >= 16) {
      physical.deactivate(cpu, hardware);
    }
  }
}
