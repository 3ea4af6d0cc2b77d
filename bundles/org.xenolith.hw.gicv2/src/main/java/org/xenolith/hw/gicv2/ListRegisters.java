// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.xenolith.hw.gicv2.InterruptStates.CPUS;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.CpuPort.Signal;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;

/**
 * The virtual interrupts of all CPUs, as a hypervisor wrote them into list registers, and what follows from them: virtual
 * interrupt requests and the maintenance interrupt. Source: Arm IHI 0048B, chapter 5.
 */
final class ListRegisters {
  /** List registers of a CPU, as QEMU and the GIC-400 have them. */
  static final int COUNT = 4;
  /** Virtual priorities have five bits. */
  static final int PRIORITY_SHIFT = 3;
  static final int MINIMUM_BINARY_POINT = PRIORITY_SHIFT - 1;
  /** "No list register". */
  static final int NONE = -1;

  static final int PENDING = 1 << 28;
  static final int ACTIVE = 1 << 29;
  private static final int STATE = PENDING | ACTIVE;
  private static final int GROUP1 = 1 << 30;
  private static final int HARDWARE = 1 << 31;
  /** Without {@link #HARDWARE}: tell the hypervisor when it ends. */
  private static final int EOI = 1 << 19;

  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final int HCR_LRENPIE = 1 << 2;
  private static final int HCR_NPIE = 1 << 3;
  private static final int HCR_GROUP_INTERRUPTS = 0xF0;
  private static final int HCR_BITS = 0xF800_00FF;
  private static final int EOI_COUNT_ONE = 1 << 27;
  private static final int EOI_COUNT = 0x1F << 27;

  static final int VMCR_ACK_CTL = 1 << 2;
  private static final int VMCR_FIQ_EN = 1 << 3;
  private static final int VMCR_CBPR = 1 << 4;
  static final int VMCR_EOI_MODE = 1 << 9;
  static final int VMCR_CONTROL = 0x21F;
  static final int VMCR_BINARY_POINT_1 = 18;
  static final int VMCR_BINARY_POINT = 21;
  private static final int VMCR_PRIORITY_MASK = 0xF800_0000;
  private static final int VMCR_BITS = 0xF8FC_021F;

  private final CpuPort[] cpus;
  private final InterruptLine[] maintenance;
  private final int[] control;
  /** GICH_VMCR, which is also where the registers of the virtual CPU interface live. */
  final int[] guest;
  private final int[] active;
  private final int[] list;

  /** @param maintenance maintenance interrupts by CPU; empty if they are not connected */
  ListRegisters(DeviceState state, CpuPort[] cpus, InterruptLine[] maintenance) {
    this.cpus = cpus;
    this.maintenance = maintenance;
    control = state.ints("GICH_HCR", CPUS);
    guest = state.ints("GICH_VMCR", CPUS);
    active = state.ints("GICH_APR", CPUS);
    list = state.ints("GICH_LR", CPUS * COUNT);
  }

  /** After the state was zeroed. */
  void reset() {
    for (int cpu = 0; cpu < CPUS; cpu++) {
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

  /** Sets GICH_VMCR; binary points below the least show the least. */
  void setGuest(int cpu, int value) {
    int point = Math.max(value >> VMCR_BINARY_POINT & 7, MINIMUM_BINARY_POINT);
    int point1 = Math.max(value >> VMCR_BINARY_POINT_1 & 7, MINIMUM_BINARY_POINT + 1);
    guest[cpu] = value & VMCR_BITS & ~(7 << VMCR_BINARY_POINT | 7 << VMCR_BINARY_POINT_1)
        | point << VMCR_BINARY_POINT | point1 << VMCR_BINARY_POINT_1;
  }

  int active(int cpu) {
    return active[cpu];
  }

  void setActive(int cpu, int value) {
    active[cpu] = value;
  }

  int list(int cpu, int index) {
    return list[cpu * COUNT + index];
  }

  void setList(int cpu, int index, int value) {
    list[cpu * COUNT + index] = value;
  }

  /** GICH_EISR0: ended interrupts whose list register asked to tell. */
  int ended(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      int entry = list(cpu, i);
      bits |= (entry & (STATE | HARDWARE | EOI)) == EOI ? 1 << i : 0;
    }
    return bits;
  }

  /** GICH_ELRSR0: list registers with nothing in them, not even news of an end. */
  int free(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      int entry = list(cpu, i);
      bits |= (entry & STATE) == 0 && (entry & (HARDWARE | EOI)) != EOI ? 1 << i : 0;
    }
    return bits;
  }

  /** GICH_MISR: why the maintenance interrupt is wanted (5.3.4). */
  int reasons(int cpu) {
    int enables = control[cpu];
    int used = 0;
    int pending = 0;
    for (int i = 0; i < COUNT; i++) {
      int state = list(cpu, i) & STATE;
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
        int entry = list(cpu, i);
        boolean candidate = (entry & STATE) == PENDING && (guest[cpu] >> group(entry) & 1) != 0;
        if (candidate && (best == NONE || priority(entry) < priority(list(cpu, best)))) {
          best = i;
        }
      }
    }
    return best;
  }

  static int group(int entry) {
    return (entry & GROUP1) != 0 ? 1 : 0;
  }

  private static int priority(int entry) {
    return (entry >>> 23 & 0x1F) << PRIORITY_SHIFT;
  }

  /** The guest's number of an interrupt, for a software-generated one with its source in bits 12:10. */
  static int number(int entry) {
    int id = entry & 0x3FF;
    return id < 16 && entry >= 0 ? entry & 0x1FFF : id;
  }

  /** The physical interrupt behind an entry, {@link #NONE} if it has none. */
  int physical(int cpu, int index) {
    int entry = list(cpu, index);
    return (entry & HARDWARE) != 0 ? entry >> 10 & 0x3FF : NONE;
  }

  int priorityMask(int cpu) {
    return guest[cpu] >>> 24 & 0xF8;
  }

  void setPriorityMask(int cpu, int value) {
    guest[cpu] = guest[cpu] & ~VMCR_PRIORITY_MASK | value << 24 & VMCR_PRIORITY_MASK;
  }

  /** Running priority, 0x100 when nothing is active. */
  int running(int cpu) {
    return active[cpu] == 0 ? 0x100 : Integer.numberOfTrailingZeros(active[cpu]) << PRIORITY_SHIFT;
  }

  /** Whether an entry passes mask and running priority. */
  boolean preempts(int cpu, int index) {
    int entry = list(cpu, index);
    return priority(entry) < priorityMask(cpu) && groupPriority(cpu, entry) < running(cpu);
  }

  private int groupPriority(int cpu, int entry) {
    boolean own = group(entry) == 1 && (guest[cpu] & VMCR_CBPR) == 0;
    int point = own ? (guest[cpu] >> VMCR_BINARY_POINT_1 & 7) - 1 : guest[cpu] >> VMCR_BINARY_POINT & 7;
    return priority(entry) & -1 << point + 1;
  }

  /** Pending to active. */
  void acknowledge(int cpu, int index) {
    int entry = list(cpu, index);
    active[cpu] |= 1 << (groupPriority(cpu, entry) >> PRIORITY_SHIFT);
    setList(cpu, index, entry & ~PENDING | ACTIVE);
  }

  /** Drops the highest active priority. */
  void drop(int cpu) {
    active[cpu] &= active[cpu] - 1;
  }

  /**
   * Takes the active state from the entry that the guest's number names.
   *
   * @return its index; {@link #NONE} if there is none, which is counted in GICH_HCR.EOICount
   */
  int deactivate(int cpu, int number) {
    for (int i = 0; i < COUNT; i++) {
      int entry = list(cpu, i);
      if ((entry & ACTIVE) != 0 && number(entry) == number) {
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
    boolean fiq = requested && group(list(cpu, index)) == 0 && (guest[cpu] & VMCR_FIQ_EN) != 0;
    cpus[cpu].signal(Signal.VIRQ, requested && !fiq);
    cpus[cpu].signal(Signal.VFIQ, fiq);
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
