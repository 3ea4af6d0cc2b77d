// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.gic.kit.VirtualInterrupts;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;

/** List registers of 64 bits, and active priorities of each group. Source: Arm IHI 0069H, chapter 6 and 12.4. */
final class ListRegisters extends VirtualInterrupts {
  private static final int LEVEL_SHIFT = 8 - PRIORITY_BITS;
  private static final int PRIORITY_MASK = 0xFF & -1 << LEVEL_SHIFT;

  private static final long PENDING = 1L << 62;
  private static final long ACTIVE = 1L << 63;
  private static final long HARDWARE = 1L << 61;
  private static final Layout LAYOUT = new Layout(PENDING, ACTIVE, HARDWARE, 1L << 41);
  private static final int GROUP_SHIFT = 60;
  private static final int PRIORITY_SHIFT = 48;
  private static final long ENTRY_BITS = PENDING | ACTIVE | HARDWARE | 1L << GROUP_SHIFT | (long) PRIORITY_MASK << PRIORITY_SHIFT
      | 0x1FFFL << 32 | 0xFFFF_FFFFL;

  /** Trap accesses of EL1 to registers of both groups, of group 0, of group 1, to ICC_DIR_EL1. */
  static final int HCR_TC = 1 << 10;
  static final int HCR_TALL0 = 1 << 11;
  static final int HCR_TALL1 = 1 << 12;
  static final int HCR_TDIR = 1 << 14;

  private static final int VMCR_GROUPS = 3;

  /** ICH_AP0R0_EL2 and ICH_AP1R0_EL2. */
  private final ActivePriorities active;
  private final long[] list;

  /** @param maintenance maintenance interrupts by CPU; empty if they are not connected */
  ListRegisters(DeviceState state, ArmCpu[] cpus, InterruptLine[] maintenance) {
    // That group 0 comes as FIQ is fixed where system registers are the only interface.
    super(LAYOUT, cpus, maintenance, state.ints("ICH_HCR", cpus.length), HCR_BITS | HCR_TC | HCR_TALL0 | HCR_TALL1 | HCR_TDIR,
        state.ints("ICH_VMCR", cpus.length), VMCR_PRIORITY_MASK | VMCR_EOI_MODE | VMCR_CBPR | VMCR_GROUPS, VMCR_FIQ_EN);
    active = new ActivePriorities(state, "virtual-active-priorities", cpus.length, LEVEL_SHIFT);
    list = state.longs("ICH_LR", cpus.length * COUNT);
  }

  int active(int cpu, int group) {
    return active.read(cpu, group, 0);
  }

  void setActive(int cpu, int group, int value) {
    active.write(cpu, group, 0, value);
  }

  @Override
  public long list(int cpu, int index) {
    return list[cpu * COUNT + index];
  }

  @Override
  public void setList(int cpu, int index, long value) {
    list[cpu * COUNT + index] = value & ENTRY_BITS;
  }

  @Override
  protected int group(long entry) {
    return (int) (entry >> GROUP_SHIFT) & 1;
  }

  @Override
  protected int priority(long entry) {
    return (int) (entry >> PRIORITY_SHIFT) & 0xFF;
  }

  @Override
  protected int number(long entry) {
    return (int) entry;
  }

  /** The physical interrupt behind an entry, {@link #NONE} if it has none. */
  int physical(int cpu, int index) {
    long entry = list(cpu, index);
    return (entry & HARDWARE) != 0 ? (int) (entry >> 32) & 0x1FFF : NONE;
  }

  /** Running priority, {@link ActivePriorities#IDLE} when nothing is active. */
  int running(int cpu) {
    return active.highest(cpu);
  }

  @Override
  public boolean preempts(int cpu, int index) {
    long entry = list(cpu, index);
    int groupMask = groupMask(cpu, group(entry));
    int running = active.highest(cpu);
    return priority(entry) < priorityMask(cpu)
        && (running == ActivePriorities.IDLE || (priority(entry) & groupMask) < (running & groupMask));
  }

  /** Pending to active. */
  void acknowledge(int cpu, int index) {
    long entry = list(cpu, index);
    active.raise(cpu, group(entry), priority(entry) & groupMask(cpu, group(entry)));
    activate(cpu, index);
  }

  /**
   * Drops the running priority, if it is of that group.
   *
   * @return whether it was
   */
  boolean drop(int cpu, int group) {
    int running = active.highest(cpu, group);
    if (running == ActivePriorities.IDLE || active.highest(cpu, 1 - group) < running) {
      return false;
    }
    active.drop(cpu, group);
    return true;
  }
}
