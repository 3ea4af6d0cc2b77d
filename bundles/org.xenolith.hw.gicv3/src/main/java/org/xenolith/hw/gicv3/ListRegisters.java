// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.CpuPort.Signal;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;

/**
 * The virtual interrupts of all CPUs, as a hypervisor wrote them into list registers, and what follows from them: virtual
 * interrupt requests and the maintenance interrupt. Source: Arm IHI 0069H, chapter 6 and 12.4.
 */
final class ListRegisters {
  /** List registers of a CPU, as QEMU has them. */
  static final int COUNT = 4;
  /** Virtual priorities have five bits, all of them for preemption. */
  static final int PRIORITY_BITS = 5;
  /** "No list register". */
  static final int NONE = -1;

  private static final int LEVEL_SHIFT = 8 - PRIORITY_BITS;
  private static final int PRIORITY_MASK = 0xFF & -1 << LEVEL_SHIFT;
  private static final int MINIMUM_BINARY_POINT = 7 - PRIORITY_BITS;

  private static final long PENDING = 1L << 62;
  private static final long ACTIVE = 1L << 63;
  private static final long STATE = PENDING | ACTIVE;
  private static final long HARDWARE = 1L << 61;
  /** Without {@link #HARDWARE}: tell the hypervisor when it ends. */
  private static final long EOI = 1L << 41;
  private static final int GROUP_SHIFT = 60;
  private static final int PRIORITY_SHIFT = 48;
  private static final long ENTRY_BITS = STATE | HARDWARE | 1L << GROUP_SHIFT | (long) PRIORITY_MASK << PRIORITY_SHIFT
      | 0x1FFFL << 32 | 0xFFFF_FFFFL;

  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final int HCR_LRENPIE = 1 << 2;
  private static final int HCR_NPIE = 1 << 3;
  private static final int HCR_GROUP_INTERRUPTS = 0xF0;
  /** Trap accesses of EL1 to registers of both groups, of group 0, of group 1, to ICC_DIR_EL1. */
  static final int HCR_TC = 1 << 10;
  static final int HCR_TALL0 = 1 << 11;
  static final int HCR_TALL1 = 1 << 12;
  static final int HCR_TDIR = 1 << 14;
  private static final int HCR_BITS = 0xF800_00FF | HCR_TC | HCR_TALL0 | HCR_TALL1 | HCR_TDIR;
  private static final int EOI_COUNT_ONE = 1 << 27;
  private static final int EOI_COUNT = 0x1F << 27;

  static final int VMCR_GROUPS = 3;
  static final int VMCR_CBPR = 1 << 4;
  static final int VMCR_EOI_MODE = 1 << 9;
  static final int VMCR_BINARY_POINT_1 = 18;
  static final int VMCR_BINARY_POINT_0 = 21;
  private static final int VMCR_PRIORITY_MASK = PRIORITY_MASK << 24;
  /** Group 0 comes as FIQ: fixed where system registers are the only interface. */
  private static final int VMCR_FIQ_EN = 1 << 3;
  private static final int VMCR_BITS = VMCR_PRIORITY_MASK | VMCR_EOI_MODE | VMCR_CBPR | VMCR_GROUPS;

  private final CpuPort[] cpus;
  private final InterruptLine[] maintenance;
  private final int[] control;
  /** ICH_VMCR_EL2, which is also where the registers of the virtual CPU interface live. */
  final int[] guest;
  /** ICH_AP0R0_EL2 and ICH_AP1R0_EL2. */
  private final ActivePriorities active;
  private final long[] list;

  /** @param maintenance maintenance interrupts by CPU; empty if they are not connected */
  ListRegisters(DeviceState state, CpuPort[] cpus, InterruptLine[] maintenance) {
    this.cpus = cpus;
    this.maintenance = maintenance;
    control = state.ints("ICH_HCR", cpus.length);
    guest = state.ints("ICH_VMCR", cpus.length);
    active = new ActivePriorities(state, "virtual-active-priorities", cpus.length, LEVEL_SHIFT);
    list = state.longs("ICH_LR", cpus.length * COUNT);
  }

  /** After the state was zeroed. */
  void reset() {
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      setGuest(cpu, 0);
    }
  }

  // ---- The hypervisor's side

  int control(int cpu) {
    return control[cpu];
  }

  void setControl(int cpu, int value) {
    control[cpu] = value & HCR_BITS;
  }

  /** Sets ICH_VMCR_EL2; binary points below the least show the least. */
  void setGuest(int cpu, int value) {
    int point0 = Math.max(value >> VMCR_BINARY_POINT_0 & 7, MINIMUM_BINARY_POINT);
    int point1 = Math.max(value >> VMCR_BINARY_POINT_1 & 7, MINIMUM_BINARY_POINT + 1);
    guest[cpu] = value & VMCR_BITS | VMCR_FIQ_EN | point0 << VMCR_BINARY_POINT_0 | point1 << VMCR_BINARY_POINT_1;
  }

  int active(int cpu, int group) {
    return active.read(cpu, group, 0);
  }

  void setActive(int cpu, int group, int value) {
    active.write(cpu, group, 0, value);
  }

  long list(int cpu, int index) {
    return list[cpu * COUNT + index];
  }

  void setList(int cpu, int index, long value) {
    list[cpu * COUNT + index] = value & ENTRY_BITS;
  }

  /** ICH_EISR_EL2: ended interrupts whose list register asked to tell. */
  int ended(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      bits |= (list(cpu, i) & (STATE | HARDWARE | EOI)) == EOI ? 1 << i : 0;
    }
    return bits;
  }

  /** ICH_ELRSR_EL2: list registers with nothing in them, not even news of an end. */
  int free(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      long entry = list(cpu, i);
      bits |= (entry & STATE) == 0 && (entry & (HARDWARE | EOI)) != EOI ? 1 << i : 0;
    }
    return bits;
  }

  /** ICH_MISR_EL2: why the maintenance interrupt is wanted. */
  int reasons(int cpu) {
    int enables = control[cpu];
    int used = 0;
    int pending = 0;
    for (int i = 0; i < COUNT; i++) {
      long state = list(cpu, i) & STATE;
      used += state != 0 ? 1 : 0;
      pending += state == PENDING ? 1 : 0;
    }
    int reasons = ended(cpu) != 0 ? 1 : 0;
    reasons |= (enables & HCR_UIE) != 0 && used <= 1 ? 1 << 1 : 0;
    reasons |= (enables & HCR_LRENPIE) != 0 && (enables & EOI_COUNT) != 0 ? 1 << 2 : 0;
    reasons |= (enables & HCR_NPIE) != 0 && pending == 0 ? 1 << 3 : 0;
    int groups = guest[cpu];
    // Enabled and disabled, for group 0 and for group 1.
    int states = (groups & 1) << 4 | (~groups & 1) << 5 | (groups & 2) << 5 | (~groups & 2) << 6;
    return reasons | states & enables & HCR_GROUP_INTERRUPTS;
  }

  // ---- The guest's side

  /** The index of the pending interrupt with the highest priority, of equals the lowest index; {@link #NONE} without one. */
  int highest(int cpu) {
    int best = NONE;
    if ((control[cpu] & HCR_EN) != 0) {
      for (int i = 0; i < COUNT; i++) {
        long entry = list(cpu, i);
        boolean candidate = (entry & STATE) == PENDING && (guest[cpu] >> group(entry) & 1) != 0;
        if (candidate && (best == NONE || priority(entry) < priority(list(cpu, best)))) {
          best = i;
        }
      }
    }
    return best;
  }

  int group(int cpu, int index) {
    return group(list(cpu, index));
  }

  private static int group(long entry) {
    return (int) (entry >> GROUP_SHIFT) & 1;
  }

  private static int priority(long entry) {
    return (int) (entry >> PRIORITY_SHIFT) & 0xFF;
  }

  /** The guest's number of an interrupt. */
  int number(int cpu, int index) {
    return (int) list(cpu, index);
  }

  /** The physical interrupt behind an entry, {@link #NONE} if it has none. */
  int physical(int cpu, int index) {
    long entry = list(cpu, index);
    return (entry & HARDWARE) != 0 ? (int) (entry >> 32) & 0x1FFF : NONE;
  }

  int priorityMask(int cpu) {
    return guest[cpu] >>> 24;
  }

  void setPriorityMask(int cpu, int value) {
    guest[cpu] = guest[cpu] & ~VMCR_PRIORITY_MASK | value << 24 & VMCR_PRIORITY_MASK;
  }

  int binaryPoint(int cpu, int group) {
    return guest[cpu] >> (group == 0 ? VMCR_BINARY_POINT_0 : VMCR_BINARY_POINT_1) & 7;
  }

  void setBinaryPoint(int cpu, int group, int value) {
    int shift = group == 0 ? VMCR_BINARY_POINT_0 : VMCR_BINARY_POINT_1;
    setGuest(cpu, guest[cpu] & ~(7 << shift) | (value & 7) << shift);
  }

  /** Running priority, {@link ActivePriorities#IDLE} when nothing is active. */
  int running(int cpu) {
    return active.highest(cpu);
  }

  /** Whether an entry passes mask and running priority. */
  boolean preempts(int cpu, int index) {
    long entry = list(cpu, index);
    int groupMask = groupMask(cpu, group(entry));
    int running = active.highest(cpu);
    return priority(entry) < priorityMask(cpu)
        && (running == ActivePriorities.IDLE || (priority(entry) & groupMask) < (running & groupMask));
  }

  private int groupMask(int cpu, int group) {
    boolean own = group == 1 && (guest[cpu] & VMCR_CBPR) == 0;
    return -1 << (own ? binaryPoint(cpu, 1) : binaryPoint(cpu, 0) + 1);
  }

  /** Pending to active. */
  void acknowledge(int cpu, int index) {
    long entry = list(cpu, index);
    active.raise(cpu, group(entry), priority(entry) & groupMask(cpu, group(entry)));
    setList(cpu, index, entry & ~PENDING | ACTIVE);
  }

  /** Takes the pending state from an entry whose number is none of an interrupt. */
  void discard(int cpu, int index) {
    setList(cpu, index, list(cpu, index) & ~PENDING);
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

  /**
   * Takes the active state from the entry that the guest's number names.
   *
   * @return its index; {@link #NONE} if there is none, which is counted in ICH_HCR_EL2.EOIcount
   */
  int deactivate(int cpu, int number) {
    for (int i = 0; i < COUNT; i++) {
      long entry = list(cpu, i);
      if ((entry & ACTIVE) != 0 && (int) entry == number) {
        setList(cpu, i, entry & ~ACTIVE);
        return i;
      }
    }
    control[cpu] = control[cpu] & ~EOI_COUNT | control[cpu] + EOI_COUNT_ONE & EOI_COUNT;
    return NONE;
  }

  // ---- Outputs

  /** Drives the virtual interrupt inputs of all CPUs and the maintenance interrupts. */
  void update() {
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      update(cpu);
    }
  }

  /** Drives the virtual interrupt inputs of one CPU and its maintenance interrupt. */
  void update(int cpu) {
    int index = highest(cpu);
    boolean requested = index != NONE && preempts(cpu, index);
    boolean group1 = requested && group(cpu, index) == 1;
    cpus[cpu].signal(Signal.VIRQ, group1);
    cpus[cpu].signal(Signal.VFIQ, requested && !group1);
    if (maintenance.length > 0) {
      maintenance[cpu].set((control[cpu] & HCR_EN) != 0 && reasons(cpu) != 0);
    }
  }

  /** Lowers all outputs to the CPUs. */
  void silence() {
    for (CpuPort cpu : cpus) {
      cpu.signal(Signal.VIRQ, false);
      cpu.signal(Signal.VFIQ, false);
    }
  }
}
