// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.InterruptLine;

/**
 * The virtual interrupts of all CPUs, as a hypervisor wrote them into list registers, and what follows from them: virtual interrupt
 * requests and the maintenance interrupt (Arm IHI 0048B, chapter 5; Arm IHI 0069H, chapter 6 and 12.4). What the bits of an entry mean is
 * the version's; control (HCR) and the guest's state (VMCR) are alike in both.
 */
public abstract class VirtualInterrupts {
  /** List registers of a CPU, as QEMU and the GIC-400 have them. */
  public static final int COUNT = 4;
  /** Virtual priorities have five bits, all of them for preemption. */
  public static final int PRIORITY_BITS = 5;
  /** "No list register". */
  public static final int NONE = -1;

  /** Group 0 comes as FIQ. */
  protected static final int VMCR_FIQ_EN = 1 << 3;
  public static final int VMCR_CBPR = 1 << 4;
  public static final int VMCR_EOI_MODE = 1 << 9;
  public static final int VMCR_BINARY_POINT_1 = 18;
  public static final int VMCR_BINARY_POINT_0 = 21;
  protected static final int VMCR_PRIORITY_MASK = 0xF800_0000;

  private static final int MINIMUM_BINARY_POINT = 7 - PRIORITY_BITS;
  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final int HCR_LRENPIE = 1 << 2;
  private static final int HCR_NPIE = 1 << 3;
  private static final int HCR_GROUP_INTERRUPTS = 0xF0;
  /** Bits of HCR that both versions have. */
  protected static final int HCR_BITS = 0xF800_00FF;
  private static final int EOI_COUNT_ONE = 1 << 27;
  private static final int EOI_COUNT = 0x1F << 27;

  /** Where the bits of an entry are. {@code tell}: without {@code hardware}, the hypervisor is told when it ends. */
  public record Layout(long pending, long active, long hardware, long tell) {
    long state() {
      return pending | active;
    }
  }

  private final ArmCpu[] cpus;
  private final InterruptLine[] maintenance;
  private final int[] control;
  private final int controlBits;
  /** VMCR, which is also where the registers of the virtual CPU interface live. */
  public final int[] guest;
  private final int guestBits;
  private final int guestFixed;
  private final long pending;
  private final long active;
  private final long state;
  private final long hardware;
  private final long tell;

  /**
   * Made by a version.
   *
   * @param maintenance maintenance interrupts by CPU; empty if they are not connected
   * @param control HCR by CPU, and which bits it has
   * @param guest VMCR by CPU, which bits it has beside binary points, and which are fixed to one
   */
  protected VirtualInterrupts(Layout layout, ArmCpu[] cpus, InterruptLine[] maintenance, int[] control, int controlBits, int[] guest,
      int guestBits, int guestFixed) {
    this.cpus = cpus;
    this.maintenance = maintenance;
    this.control = control;
    this.controlBits = controlBits;
    this.guest = guest;
    this.guestBits = guestBits;
    this.guestFixed = guestFixed;
    pending = layout.pending();
    active = layout.active();
    state = layout.state();
    hardware = layout.hardware();
    tell = layout.tell();
  }

  /** After the state was zeroed. */
  public final void reset() {
    for (int cpu = 0; cpu < guest.length; cpu++) {
      setGuest(cpu, 0);
    }
  }

  // ---- The version's

  /** A list register. */
  public abstract long list(int cpu, int index);

  public abstract void setList(int cpu, int index, long value);

  /** 0 or 1. */
  protected abstract int group(long entry);

  /** 0 to 255; 0 is the highest. */
  protected abstract int priority(long entry);

  /** The guest's number of an interrupt. */
  protected abstract int number(long entry);

  /** Whether an entry passes mask and running priority. */
  public abstract boolean preempts(int cpu, int index);

  // ---- The hypervisor's side

  /** HCR. */
  public final int control(int cpu) {
    return control[cpu];
  }

  public final void setControl(int cpu, int value) {
    control[cpu] = value & controlBits;
  }

  /** Sets VMCR; binary points below the least show the least. */
  public final void setGuest(int cpu, int value) {
    int point0 = Math.max(value >> VMCR_BINARY_POINT_0 & 7, MINIMUM_BINARY_POINT);
    int point1 = Math.max(value >> VMCR_BINARY_POINT_1 & 7, MINIMUM_BINARY_POINT + 1);
    guest[cpu] = value & guestBits | guestFixed | point0 << VMCR_BINARY_POINT_0 | point1 << VMCR_BINARY_POINT_1;
  }

  /** EISR: ended interrupts whose list register asked to tell. */
  public final int ended(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      bits |= (list(cpu, i) & (state | hardware | tell)) == tell ? 1 << i : 0;
    }
    return bits;
  }

  /** ELRSR: list registers with nothing in them, not even news of an end. */
  public final int free(int cpu) {
    int bits = 0;
    for (int i = 0; i < COUNT; i++) {
      long entry = list(cpu, i);
      bits |= (entry & state) == 0 && (entry & (hardware | tell)) != tell ? 1 << i : 0;
    }
    return bits;
  }

  /** MISR: why the maintenance interrupt is wanted. */
  public final int reasons(int cpu) {
    int enables = control[cpu];
    int used = 0;
    int waiting = 0;
    for (int i = 0; i < COUNT; i++) {
      long entry = list(cpu, i) & state;
      used += entry != 0 ? 1 : 0;
      waiting += entry == pending ? 1 : 0;
    }
    int reasons = ended(cpu) != 0 ? 1 : 0;
    reasons |= (enables & HCR_UIE) != 0 && used <= 1 ? 1 << 1 : 0;
    reasons |= (enables & HCR_LRENPIE) != 0 && (enables & EOI_COUNT) != 0 ? 1 << 2 : 0;
    reasons |= (enables & HCR_NPIE) != 0 && waiting == 0 ? 1 << 3 : 0;
    int groups = guest[cpu];
    // Enabled and disabled, for group 0 and for group 1.
    int states = (groups & 1) << 4 | (~groups & 1) << 5 | (groups & 2) << 5 | (~groups & 2) << 6;
    return reasons | states & enables & HCR_GROUP_INTERRUPTS;
  }

  // ---- The guest's side

  /** The index of the pending interrupt with the highest priority, of equals the lowest index; {@link #NONE} without one. */
  public final int highest(int cpu) {
    int best = NONE;
    if ((control[cpu] & HCR_EN) != 0) {
      for (int i = 0; i < COUNT; i++) {
        long entry = list(cpu, i);
        boolean candidate = (entry & state) == pending && (guest[cpu] >> group(entry) & 1) != 0;
        if (candidate && (best == NONE || priority(entry) < priority(list(cpu, best)))) {
          best = i;
        }
      }
    }
    return best;
  }

  public final int group(int cpu, int index) {
    return group(list(cpu, index));
  }

  public final int number(int cpu, int index) {
    return number(list(cpu, index));
  }

  public final int priorityMask(int cpu) {
    return guest[cpu] >>> 24 & VMCR_PRIORITY_MASK >>> 24;
  }

  public final void setPriorityMask(int cpu, int value) {
    guest[cpu] = guest[cpu] & ~VMCR_PRIORITY_MASK | value << 24 & VMCR_PRIORITY_MASK;
  }

  public final int binaryPoint(int cpu, int group) {
    return guest[cpu] >> (group == 0 ? VMCR_BINARY_POINT_0 : VMCR_BINARY_POINT_1) & 7;
  }

  public final void setBinaryPoint(int cpu, int group, int value) {
    int shift = group == 0 ? VMCR_BINARY_POINT_0 : VMCR_BINARY_POINT_1;
    setGuest(cpu, guest[cpu] & ~(7 << shift) | (value & 7) << shift);
  }

  /** The bits of a priority of a group that count for preemption. */
  protected final int groupMask(int cpu, int group) {
    boolean own = group == 1 && (guest[cpu] & VMCR_CBPR) == 0;
    return -1 << (own ? binaryPoint(cpu, 1) : binaryPoint(cpu, 0) + 1);
  }

  /** Pending to active, in the entry alone. */
  protected final void activate(int cpu, int index) {
    setList(cpu, index, list(cpu, index) & ~pending | active);
  }

  /** Takes the pending state from an entry whose number is none of an interrupt. */
  public final void discard(int cpu, int index) {
    setList(cpu, index, list(cpu, index) & ~pending);
  }

  /**
   * Takes the active state from the entry that the guest's number names.
   *
   * @return its index; {@link #NONE} if there is none, which is counted in HCR.EOICount
   */
  public final int deactivate(int cpu, int number) {
    for (int i = 0; i < COUNT; i++) {
      long entry = list(cpu, i);
      if ((entry & active) != 0 && number(entry) == number) {
        setList(cpu, i, entry & ~active);
        return i;
      }
    }
    control[cpu] = control[cpu] & ~EOI_COUNT | control[cpu] + EOI_COUNT_ONE & EOI_COUNT;
    return NONE;
  }

  // ---- Outputs

  /** Drives the virtual interrupt inputs of all CPUs and the maintenance interrupts. */
  public final void update() {
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      update(cpu);
    }
  }

  /** Drives the virtual interrupt inputs of one CPU and its maintenance interrupt. */
  public final void update(int cpu) {
    int index = highest(cpu);
    boolean requested = index != NONE && preempts(cpu, index);
    boolean fiq = requested && group(cpu, index) == 0 && (guest[cpu] & VMCR_FIQ_EN) != 0;
    cpus[cpu].signal(Signal.VIRQ, requested && !fiq);
    cpus[cpu].signal(Signal.VFIQ, fiq);
    if (maintenance.length > 0) {
      maintenance[cpu].set((control[cpu] & HCR_EN) != 0 && reasons(cpu) != 0);
    }
  }

  /** Lowers all outputs to the CPUs. */
  public final void silence() {
    for (ArmCpu cpu : cpus) {
      cpu.signal(Signal.VIRQ, false);
      cpu.signal(Signal.VFIQ, false);
    }
  }
}
