// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP0R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP1R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_ASGI1R_EL1;
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
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI0R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI1R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL1;
import static org.xenolith.hw.gicv3.InterruptStates.SPURIOUS;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** The CPU interfaces as system registers, with one Security state: group 0 is signalled as FIQ, group 1 as IRQ. */
final class CpuInterfaces implements SystemRegisterHandler {
  private static final int CBPR = 1;
  private static final int EOI_MODE = 1 << 1;
  private static final int PMHE = 1 << 6;
  /** ICC_CTLR_EL1: Aff3 is valid, 24-bit interrupt numbers. */
  private static final int CTLR_FIXED = 1 << 15 | 1 << 11;
  private static final long SRE = 0x7;
  private static final int IDLE = 0xFF;

  private final InterruptStates interrupts;
  private final ActivePriorities activePriorities;
  private final ArmCpu[] cpus;
  private final int priorityBits;
  private final int priorityMask;
  private final int minimumBinaryPoint;
  private final int[] control;
  private final int[] mask;
  private final int[] groupEnable;
  /** By CPU: group 0 in even entries, group 1 in odd ones. */
  private final int[] binaryPoint;

  CpuInterfaces(DeviceState state, InterruptStates interrupts, int priorityBits, ArmCpu[] cpus) {
    this.interrupts = interrupts;
    this.cpus = cpus;
    this.priorityBits = priorityBits;
    priorityMask = 0xFF00 >> priorityBits & 0xFF;
    int preemptionBits = Math.min(priorityBits, 7);
    minimumBinaryPoint = 7 - preemptionBits;
    activePriorities = new ActivePriorities(state, "active-priorities", cpus.length, 8 - preemptionBits);
    control = state.ints("ICC_CTLR", cpus.length);
    mask = state.ints("ICC_PMR", cpus.length);
    groupEnable = state.ints("ICC_IGRPEN", cpus.length);
    binaryPoint = state.ints("ICC_BPR", cpus.length * 2);
  }

  /** Claims the registers of all CPUs for these interfaces, or for what stands before them. */
  void claim(SystemRegisterHandler handler, DeviceState state) {
    List<ListedRegister> registers = IccRegisters.cpuInterface(1 << Math.min(priorityBits, 7) - 5);
    for (ArmCpu cpu : cpus) {
      cpu.claim(handler, ListedRegister.encodings(registers));
      state.shows("cpu" + cpu.index() + ".ICC", registers, register -> IccRegisters.ACTING.contains(register.spec().offset()) ? OptionalLong
          .empty() : OptionalLong.of(read(cpu, register.spec().offset())));
    }
  }

  /** After the state was zeroed. */
  void reset() {
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      binaryPoint[cpu * 2] = minimumBinaryPoint;
      binaryPoint[cpu * 2 + 1] = minimumBinaryPoint + 1;
    }
  }

  /** Drives the interrupt inputs of all CPUs. */
  void update() {
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      update(cpu);
    }
  }

  /** Lowers the interrupt inputs of all CPUs: a controller that is gone drives nothing. */
  void silence() {
    for (ArmCpu cpu : cpus) {
      cpu.signal(Signal.IRQ, false);
      cpu.signal(Signal.FIQ, false);
    }
  }

  /** Drives the interrupt inputs of one CPU. */
  void update(int cpu) {
    int id = groupEnable[cpu] == 0 ? SPURIOUS : interrupts.highest(cpu);
    boolean signalled = id != SPURIOUS && preempts(cpu, id);
    boolean group1 = signalled && interrupts.isGroup1(cpu, id);
    cpus[cpu].signal(Signal.IRQ, signalled && group1);
    cpus[cpu].signal(Signal.FIQ, signalled && !group1);
  }

  /** Whether the highest pending interrupt passes group enable, mask and running priority (IHI 0069H, 4.8). */
  private boolean preempts(int cpu, int id) {
    int group = interrupts.isGroup1(cpu, id) ? 1 : 0;
    int priority = interrupts.priorityOf(cpu, id);
    if ((groupEnable[cpu] >> group & 1) == 0 || priority >= mask[cpu]) {
      return false;
    }
    int running = activePriorities.highest(cpu);
    int groupMask = groupMask(cpu, group);
    return running == ActivePriorities.IDLE || (priority & groupMask) < (running & groupMask);
  }

  private int groupMask(int cpu, int group) {
    boolean own = group == 1 && (control[cpu] & CBPR) == 0;
    return -1 << (own ? binaryPoint[cpu * 2 + 1] : binaryPoint[cpu * 2] + 1);
  }

  @Override
  public long read(ArmCpu port, int register) {
    int cpu = port.index();
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
      return mask[cpu];
    }
    if (register == ICC_RPR_EL1) {
      return Math.min(activePriorities.highest(cpu), IDLE);
    }
    if (register == ICC_CTLR_EL1) {
      return control[cpu] | CTLR_FIXED | priorityBits - 1 << 8;
    }
    if (register == ICC_BPR0_EL1) {
      return binaryPoint[cpu * 2];
    }
    if (register == ICC_BPR1_EL1) {
      // With a common binary point the one of group 0 shows, plus one, at most 7.
      return (control[cpu] & CBPR) != 0 ? Math.min(binaryPoint[cpu * 2] + 1, 7) : binaryPoint[cpu * 2 + 1];
    }
    if (register == ICC_IGRPEN0_EL1) {
      return groupEnable[cpu] & 1;
    }
    if (register == ICC_IGRPEN1_EL1) {
      return groupEnable[cpu] >> 1;
    }
    if (register == ICC_SRE_EL1) {
      return SRE;
    }
    if ((register & ~3) == ICC_AP0R0_EL1) {
      return activePriorities.read(cpu, 0, register & 3) & 0xFFFF_FFFFL;
    }
    if ((register & ~3) == ICC_AP1R0_EL1) {
      return activePriorities.read(cpu, 1, register & 3) & 0xFFFF_FFFFL;
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
    } else if (register == ICC_SGI1R_EL1) {
      send(cpu, 1, value);
    } else if (register == ICC_SGI0R_EL1 || register == ICC_ASGI1R_EL1) {
      // With one Security state the "other" group 1 does not exist; what is left to ASGI1R are group 0 interrupts.
      send(cpu, 0, value);
    } else if (register == ICC_DIR_EL1) {
      if ((control[cpu] & EOI_MODE) != 0) {
        deactivate(cpu, value);
      }
    } else if (register == ICC_PMR_EL1) {
      mask[cpu] = (int) value & priorityMask;
      update(cpu);
    } else if (register == ICC_CTLR_EL1) {
      control[cpu] = (int) value & (CBPR | EOI_MODE | PMHE);
      update(cpu);
    } else if (register == ICC_BPR0_EL1) {
      binaryPoint[cpu * 2] = Math.max((int) value & 7, minimumBinaryPoint);
      update(cpu);
    } else if (register == ICC_BPR1_EL1) {
      if ((control[cpu] & CBPR) == 0) {
        binaryPoint[cpu * 2 + 1] = Math.max((int) value & 7, minimumBinaryPoint + 1);
        update(cpu);
      }
    } else if (register == ICC_IGRPEN0_EL1) {
      groupEnable[cpu] = groupEnable[cpu] & 2 | (int) value & 1;
      update(cpu);
    } else if (register == ICC_IGRPEN1_EL1) {
      groupEnable[cpu] = groupEnable[cpu] & 1 | ((int) value & 1) << 1;
      update(cpu);
    } else if ((register & ~3) == ICC_AP0R0_EL1) {
      activePriorities.write(cpu, 0, register & 3, (int) value);
      update(cpu);
    } else if ((register & ~3) == ICC_AP1R0_EL1) {
      activePriorities.write(cpu, 1, register & 3, (int) value);
      update(cpu);
    } else if (register != ICC_SRE_EL1) {
      throw SystemRegisterTrap.UNDEFINED;
    }
  }

  private int pending(int cpu, int group) {
    int id = interrupts.highest(cpu);
    boolean shown = id != SPURIOUS && (interrupts.isGroup1(cpu, id) ? 1 : 0) == group && (groupEnable[cpu] >> group & 1) != 0;
    return shown ? id : SPURIOUS;
  }

  private int acknowledge(int cpu, int group) {
    int id = pending(cpu, group);
    if (id == SPURIOUS || !preempts(cpu, id)) {
      return SPURIOUS;
    }
    int priority = interrupts.priorityOf(cpu, id);
    activePriorities.raise(cpu, group, priority & groupMask(cpu, group));
    interrupts.acknowledge(cpu, id);
    update();
    return id;
  }

  private void end(int cpu, int group, long value) {
    int id = (int) value & 0xFF_FFFF;
    int other = 1 - group;
    // Only the group of the running priority can be ended; special numbers are ignored.
    if (!interrupts.has(id) || activePriorities.highest(cpu) == ActivePriorities.IDLE
        || activePriorities.highest(cpu, other) < activePriorities.highest(cpu, group)) {
      return;
    }
    activePriorities.drop(cpu, group);
    if ((control[cpu] & EOI_MODE) == 0 && id < interrupts.lines) {
      deactivate(cpu, value);
    } else {
      update(cpu);
    }
  }

  /** Takes the active state from an interrupt; numbers beyond the lines are ignored. */
  void deactivate(int cpu, long value) {
    int id = (int) value & 0xFF_FFFF;
    if (id < interrupts.lines) {
      interrupts.deactivate(cpu, id);
      update();
    }
  }

  /** ICC_SGI1R_EL1 and its sisters: Aff3 55:48, RS 47:44, IRM 40, Aff2 39:32, INTID 27:24, Aff1 23:16, targets 15:0. */
  private void send(int cpu, int group, long value) {
    int id = (int) (value >> 24) & 15;
    boolean allOthers = (value >> 40 & 1) != 0;
    long cluster = (value >> 48 & 0xFF) << 32 | (value >> 32 & 0xFF) << 16 | value >> 8 & 0xFF00;
    long firstAff0 = (value >> 44 & 15) * 16;
    for (int other = 0; other < cpus.length; other++) {
      long affinity = cpus[other].affinity();
      long bit = (affinity & 0xFF) - firstAff0;
      boolean target = allOthers ? other != cpu
          : (affinity & ~0xFFL) == cluster && bit >= 0 && bit < 16 && (value >> bit & 1) != 0;
      if (target && (interrupts.group[other] >> id & 1) == group) {
        interrupts.latch(other, 1 << id);
        update(other);
      }
    }
  }
}
