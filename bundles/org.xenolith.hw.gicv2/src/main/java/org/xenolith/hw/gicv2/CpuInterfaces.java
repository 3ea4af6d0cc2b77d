// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.xenolith.hw.gicv2.InterruptStates.CPUS;
import static org.xenolith.hw.gicv2.InterruptStates.SPURIOUS;

import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;

/**
 * The CPU interfaces: one window, banked by the accessing CPU. Without the Security Extensions every access has the view
 * that the architecture calls secure (IHI 0048B, 4.4): group 1 is acknowledged by the aliased registers, or by IAR with
 * CTLR.AckCtl.
 */
final class CpuInterfaces implements MmioHandler {
  private static final int ACK_CTL = 1 << 2;
  private static final int FIQ_EN = 1 << 3;
  private static final int CBPR = 1 << 4;
  private static final int EOI_MODE = 1 << 9;
  private static final int CONTROL_BITS = 0x21F;
  /** Group 1 pending, but asked for by a register that answers for group 0. */
  private static final int OTHER_GROUP = 1022;
  private static final int IDLE = 0xFF;

  private final InterruptStates interrupts;
  private final IntSupplier accessor;
  private final RegisterFaults faults;
  private final ArmCpu[] cpus;
  private final int priorityMask;
  private final int minimumBinaryPoint;
  private final int[] control;
  private final int[] mask;
  private final int[] binaryPoint;
  private final int[] binaryPoint1;
  /** Active priorities: four words a CPU for group 0, then four a CPU for group 1; the lowest bit is the highest priority. */
  private final int[] activePriorities;

  CpuInterfaces(DeviceState state, InterruptStates interrupts, int priorityBits, ArmCpu[] cpus, IntSupplier accessor,
      RegisterFaults faults) {
    this.interrupts = interrupts;
    this.accessor = accessor;
    this.faults = faults;
    this.cpus = cpus;
    priorityMask = 0xFF00 >> priorityBits & 0xFF;
    minimumBinaryPoint = Math.max(0, 7 - priorityBits);
    control = state.ints("GICC_CTLR", CPUS);
    mask = state.ints("GICC_PMR", CPUS);
    binaryPoint = state.ints("GICC_BPR", CPUS);
    binaryPoint1 = state.ints("GICC_ABPR", CPUS);
    activePriorities = state.ints("active-priorities", CPUS * 8);
  }

  /** After the state was zeroed. */
  void reset() {
    for (int cpu = 0; cpu < CPUS; cpu++) {
      binaryPoint[cpu] = minimumBinaryPoint;
      binaryPoint1[cpu] = minimumBinaryPoint + 1;
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

  /** Drives the interrupt inputs of one CPU (IHI 0048B, 3.8.1). */
  void update(int cpu) {
    boolean irq = false;
    boolean fiq = false;
    if ((control[cpu] & 3) != 0) {
      int id = interrupts.highest(cpu);
      if (id != SPURIOUS) {
        int group = interrupts.isGroup1(cpu, id) ? 1 : 0;
        int priority = interrupts.priority(interrupts.bank(cpu, id), id);
        if ((control[cpu] >> group & 1) != 0 && priority < mask[cpu] && priority < runningPriority(cpu)) {
          fiq = group == 0 && (control[cpu] & FIQ_EN) != 0;
          irq = !fiq;
        }
      }
    }
    cpus[cpu].signal(Signal.IRQ, irq);
    cpus[cpu].signal(Signal.FIQ, fiq);
  }

  private int runningPriority(int cpu) {
    for (int i = 0; i < 4; i++) {
      int active = activePriorities[cpu * 4 + i] | activePriorities[CPUS * 4 + cpu * 4 + i];
      if (active != 0) {
        return i * 32 + Integer.numberOfTrailingZeros(active) << minimumBinaryPoint + 1;
      }
    }
    return 0x100;
  }

  private int groupPriority(int cpu, int group, int priority) {
    int point = group == 1 && (control[cpu] & CBPR) == 0 ? binaryPoint1[cpu] - 1 : binaryPoint[cpu];
    return priority & -1 << point + 1;
  }

  @Override
  public long read(long offset, int size) {
    int cpu = accessor.getAsInt();
    GiccRegister register = GiccRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    return value(register, (int) (offset - register.offset) / 4, cpu) & 0xFFFF_FFFFL;
  }

  /** What a CPU would read; empty where that acknowledges. */
  OptionalLong shown(Register word, int cpu) {
    GiccRegister register = GiccRegister.at(word.spec().offset());
    return register == GiccRegister.GICC_IAR || register == GiccRegister.GICC_AIAR ? OptionalLong.empty()
        : OptionalLong.of(value(register, (word.spec().offset() - register.offset) / 4, cpu) & 0xFFFF_FFFFL);
  }

  private int value(GiccRegister register, int at, int cpu) {
    return switch (register) {
      case GICC_CTLR -> control[cpu];
      case GICC_PMR -> mask[cpu];
      case GICC_BPR -> binaryPoint[cpu];
      case GICC_ABPR -> binaryPoint1[cpu];
      case GICC_IAR -> acknowledge(cpu, false);
      case GICC_AIAR -> acknowledge(cpu, true);
      case GICC_RPR -> Math.min(runningPriority(cpu), IDLE);
      case GICC_HPPIR -> visible(cpu, interrupts.highest(cpu), false);
      case GICC_AHPPIR -> visible(cpu, interrupts.highest(cpu), true);
      case GICC_APR -> activePriorities[cpu * 4 + at];
      case GICC_NSAPR -> activePriorities[CPUS * 4 + cpu * 4 + at];
      case GICC_IIDR -> 0x0002_043B;
      case GICC_EOIR, GICC_AEOIR, GICC_DIR -> 0;
    };
  }

  /** What a register that answers for group 0 (or 1) may tell of an interrupt. */
  private int visible(int cpu, int id, boolean group1Only) {
    if (id == SPURIOUS) {
      return SPURIOUS;
    }
    boolean group1 = interrupts.isGroup1(cpu, id);
    if (group1Only) {
      return group1 ? withSource(cpu, id) : SPURIOUS;
    }
    return group1 && (control[cpu] & ACK_CTL) == 0 ? OTHER_GROUP : withSource(cpu, id);
  }

  private int withSource(int cpu, int id) {
    return id >= 16 ? id : id | (Integer.numberOfTrailingZeros(interrupts.sources[cpu * 16 + id] & 0xFF) & 7) << 10;
  }

  private int acknowledge(int cpu, boolean group1Only) {
    int id = interrupts.highest(cpu);
    int shown = visible(cpu, id, group1Only);
    if (shown == SPURIOUS || shown == OTHER_GROUP) {
      return shown;
    }
    int group = interrupts.isGroup1(cpu, id) ? 1 : 0;
    int priority = interrupts.priority(interrupts.bank(cpu, id), id);
    if ((control[cpu] >> group & 1) == 0 || priority >= mask[cpu] || priority >= runningPriority(cpu)) {
      return SPURIOUS;
    }
    int level = groupPriority(cpu, group, priority) >> minimumBinaryPoint + 1;
    activePriorities[group * CPUS * 4 + cpu * 4 + (level >> 5)] |= 1 << level;
    int result = interrupts.acknowledge(cpu, id);
    update();
    return result;
  }

  @Override
  public void write(long offset, int size, long written) {
    int cpu = accessor.getAsInt();
    GiccRegister register = GiccRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, written);
      return;
    }
    int value = (int) written;
    int at = (int) (offset - register.offset) / 4;
    switch (register) {
      case GICC_CTLR -> control[cpu] = value & CONTROL_BITS;
      case GICC_PMR -> mask[cpu] = value & priorityMask;
      case GICC_BPR -> binaryPoint[cpu] = Math.max(value & 7, minimumBinaryPoint);
      case GICC_ABPR -> binaryPoint1[cpu] = Math.max(value & 7, minimumBinaryPoint + 1);
      case GICC_APR -> activePriorities[cpu * 4 + at] = value;
      case GICC_NSAPR -> activePriorities[CPUS * 4 + cpu * 4 + at] = value;
      case GICC_EOIR, GICC_AEOIR -> {
        end(cpu, value & 0x3FF);
        return;
      }
      case GICC_DIR -> {
        if ((control[cpu] & EOI_MODE) == 0) {
          faults.report(RegisterFaults.Kind.BAD_VALUE, offset, written);
          return;
        }
        deactivate(cpu, value & 0x3FF);
        return;
      }
      case GICC_IAR, GICC_AIAR, GICC_RPR, GICC_HPPIR, GICC_AHPPIR, GICC_IIDR -> {
        return;
      }
    }
    update(cpu);
  }

  private void end(int cpu, int id) {
    if (id >= interrupts.lines) {
      return;
    }
    int first = (interrupts.isGroup1(cpu, id) ? CPUS * 4 : 0) + cpu * 4;
    for (int i = first; i < first + 4; i++) {
      if (activePriorities[i] != 0) {
        activePriorities[i] &= activePriorities[i] - 1;
        break;
      }
    }
    if ((control[cpu] & EOI_MODE) == 0) {
      deactivate(cpu, id);
    } else {
      update(cpu);
    }
  }

  private void deactivate(int cpu, int id) {
    if (id < interrupts.lines) {
      interrupts.deactivate(cpu, id);
      update();
    }
  }
}
