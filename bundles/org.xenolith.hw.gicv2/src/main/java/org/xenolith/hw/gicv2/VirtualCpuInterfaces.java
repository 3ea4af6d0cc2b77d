// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.xenolith.hw.gicv2.InterruptStates.SPURIOUS;
import static org.xenolith.hw.gicv2.ListRegisters.NONE;

import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;

/**
 * The virtual CPU interfaces (GICV), which a hypervisor shows its guests in place of the physical ones: same registers, but
 * the interrupts are those in the list registers. Source: Arm IHI 0048B, 5.5.
 */
final class VirtualCpuInterfaces implements MmioHandler {
  /** Group 1 pending, but asked for by a register that answers for group 0. */
  private static final int OTHER_GROUP = 1022;
  private static final int IDLE = 0xFF;

  private final ListRegisters lists;
  private final InterruptStates interrupts;
  private final IntSupplier accessor;
  private final RegisterFaults faults;
  private final Runnable deactivated;

  /** @param deactivated called when a physical interrupt was deactivated */
  VirtualCpuInterfaces(ListRegisters lists, InterruptStates interrupts, IntSupplier accessor, RegisterFaults faults,
      Runnable deactivated) {
    this.lists = lists;
    this.interrupts = interrupts;
    this.accessor = accessor;
    this.faults = faults;
    this.deactivated = deactivated;
  }

  @Override
  public long read(long offset, int size) {
    GiccRegister register = GiccRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    return value(register, (int) (offset - register.offset) / 4, accessor.getAsInt()) & 0xFFFF_FFFFL;
  }

  /** What a CPU would read; empty where that acknowledges. */
  OptionalLong shown(Register word, int cpu) {
    GiccRegister register = GiccRegister.at(word.spec().offset());
    return register == GiccRegister.GICC_IAR || register == GiccRegister.GICC_AIAR ? OptionalLong.empty()
        : OptionalLong.of(value(register, (word.spec().offset() - register.offset) / 4, cpu) & 0xFFFF_FFFFL);
  }

  private int value(GiccRegister register, int at, int cpu) {
    int guest = lists.guest[cpu];
    return switch (register) {
      case GICC_CTLR -> guest & ListRegisters.VMCR_CONTROL;
      case GICC_PMR -> lists.priorityMask(cpu);
      case GICC_BPR -> lists.binaryPoint(cpu, 0);
      case GICC_ABPR -> lists.binaryPoint(cpu, 1);
      case GICC_IAR -> acknowledge(cpu, false);
      case GICC_AIAR -> acknowledge(cpu, true);
      case GICC_RPR -> Math.min(lists.running(cpu), IDLE);
      case GICC_HPPIR -> visible(cpu, lists.highest(cpu), false);
      case GICC_AHPPIR -> visible(cpu, lists.highest(cpu), true);
      case GICC_APR -> at == 0 ? lists.active(cpu) : 0;
      case GICC_IIDR -> 0x0002_043B;
      case GICC_NSAPR, GICC_EOIR, GICC_AEOIR, GICC_DIR -> 0;
    };
  }

  /** What a register that answers for group 0 (or 1) may tell of a list register. */
  private int visible(int cpu, int index, boolean group1Only) {
    if (index == NONE) {
      return SPURIOUS;
    }
    boolean group1 = lists.group(cpu, index) == 1;
    if (group1Only) {
      return group1 ? lists.number(cpu, index) : SPURIOUS;
    }
    return group1 && (lists.guest[cpu] & ListRegisters.VMCR_ACK_CTL) == 0 ? OTHER_GROUP : lists.number(cpu, index);
  }

  private int acknowledge(int cpu, boolean group1Only) {
    int index = lists.highest(cpu);
    if (index != NONE && !lists.preempts(cpu, index)) {
      return SPURIOUS;
    }
    int shown = visible(cpu, index, group1Only);
    if (shown != SPURIOUS && shown != OTHER_GROUP) {
      lists.acknowledge(cpu, index);
      lists.update(cpu);
    }
    return shown;
  }

  @Override
  public void write(long offset, int size, long written) {
    GiccRegister register = GiccRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, written);
      return;
    }
    int cpu = accessor.getAsInt();
    int value = (int) written;
    int guest = lists.guest[cpu];
    switch (register) {
      case GICC_CTLR -> lists.guest[cpu] = guest & ~ListRegisters.VMCR_CONTROL | value & ListRegisters.VMCR_CONTROL;
      case GICC_PMR -> lists.setPriorityMask(cpu, value);
      case GICC_BPR -> lists.setBinaryPoint(cpu, 0, value);
      case GICC_ABPR -> lists.setBinaryPoint(cpu, 1, value);
      case GICC_APR -> {
        if (offset == register.offset) {
          lists.setActive(cpu, value);
        }
      }
      case GICC_EOIR, GICC_AEOIR -> end(cpu, value & 0x1FFF);
      case GICC_DIR -> {
        if ((guest & ListRegisters.VMCR_EOI_MODE) == 0) {
          faults.report(RegisterFaults.Kind.BAD_VALUE, offset, written);
          return;
        }
        deactivate(cpu, value & 0x1FFF);
      }
      case GICC_IAR, GICC_AIAR, GICC_RPR, GICC_HPPIR, GICC_AHPPIR, GICC_IIDR, GICC_NSAPR -> {
        return;
      }
    }
    lists.update(cpu);
  }

  private void end(int cpu, int number) {
    // The special numbers end nothing (4.4.5), and without an active priority there is nothing to end or to count.
    if ((number & 0x3FF) >= 1020 || lists.active(cpu) == 0) {
      return;
    }
    lists.drop(cpu);
    if ((lists.guest[cpu] & ListRegisters.VMCR_EOI_MODE) == 0) {
      deactivate(cpu, number);
    }
  }

  private void deactivate(int cpu, int number) {
    int index = lists.deactivate(cpu, number);
    int physical = index == NONE ? NONE : lists.physical(cpu, index);
    // Only what a device drives can stand behind a virtual interrupt.
    if (physical >= 16 && physical < interrupts.lines) {
      interrupts.deactivate(cpu, physical);
      deactivated.run();
    }
  }
}
