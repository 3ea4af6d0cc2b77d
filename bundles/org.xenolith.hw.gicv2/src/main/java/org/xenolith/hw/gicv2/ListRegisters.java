// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.xenolith.hw.gicv2.InterruptStates.CPUS;

import org.xenolith.gic.kit.VirtualInterrupts;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;

/** List registers of 32 bits, and one register of active priorities for both groups. Source: Arm IHI 0048B, chapter 5. */
final class ListRegisters extends VirtualInterrupts {
  private static final int PRIORITY_SHIFT = 8 - PRIORITY_BITS;
  private static final long HARDWARE = 1L << 31;
  private static final Layout LAYOUT = new Layout(1 << 28, 1 << 29, HARDWARE, 1 << 19);
  private static final int GROUP_SHIFT = 30;

  static final int VMCR_ACK_CTL = 1 << 2;
  static final int VMCR_CONTROL = 0x21F;

  private final int[] active;
  private final int[] list;

  /** @param maintenance maintenance interrupts by CPU; empty if they are not connected */
  ListRegisters(DeviceState state, ArmCpu[] cpus, InterruptLine[] maintenance) {
    super(LAYOUT, cpus, maintenance, state.ints("GICH_HCR", CPUS), HCR_BITS, state.ints("GICH_VMCR", CPUS),
        VMCR_PRIORITY_MASK | VMCR_CONTROL, 0);
    active = state.ints("GICH_APR", CPUS);
    list = state.ints("GICH_LR", CPUS * COUNT);
  }

  int active(int cpu) {
    return active[cpu];
  }

  void setActive(int cpu, int value) {
    active[cpu] = value;
  }

  @Override
  public long list(int cpu, int index) {
    return list[cpu * COUNT + index] & 0xFFFF_FFFFL;
  }

  @Override
  public void setList(int cpu, int index, long value) {
    list[cpu * COUNT + index] = (int) value;
  }

  @Override
  protected int group(long entry) {
    return (int) (entry >> GROUP_SHIFT) & 1;
  }

  @Override
  protected int priority(long entry) {
    return (int) (entry >> 23 & 0x1F) << PRIORITY_SHIFT;
  }

  /** For a software-generated one with its source in bits 12:10. */
  @Override
  protected int number(long entry) {
    int id = (int) entry & 0x3FF;
    return id < 16 && (entry & HARDWARE) == 0 ? (int) entry & 0x1FFF : id;
  }

  /** The physical interrupt behind an entry, {@link #NONE} if it has none. */
  int physical(int cpu, int index) {
    long entry = list(cpu, index);
    return (entry & HARDWARE) != 0 ? (int) (entry >> 10) & 0x3FF : NONE;
  }

  /** Running priority, 0x100 when nothing is active. */
  int running(int cpu) {
    return active[cpu] == 0 ? 0x100 : Integer.numberOfTrailingZeros(active[cpu]) << PRIORITY_SHIFT;
  }

  @Override
  public boolean preempts(int cpu, int index) {
    long entry = list(cpu, index);
    return priority(entry) < priorityMask(cpu) && groupPriority(cpu, entry) < running(cpu);
  }

  private int groupPriority(int cpu, long entry) {
    return priority(entry) & groupMask(cpu, group(entry));
  }

  /** Pending to active. */
  void acknowledge(int cpu, int index) {
    active[cpu] |= 1 << (groupPriority(cpu, list(cpu, index)) >> PRIORITY_SHIFT);
    activate(cpu, index);
  }

  /** Drops the highest active priority. */
  void drop(int cpu) {
    active[cpu] &= active[cpu] - 1;
  }
}
