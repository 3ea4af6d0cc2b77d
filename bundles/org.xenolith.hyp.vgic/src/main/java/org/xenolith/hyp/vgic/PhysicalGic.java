// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.api.PhysicalBus;

/**
 * The physical interrupt controller as the hypervisor drives it, and the format of its list registers. Every access is made as
 * the CPU that is named makes it. EOImode is 1: ending an interrupt only drops the priority.
 */
abstract class PhysicalGic {
  /** Words that {@link #saveInterface} stores: VMCR, then active priorities of group 0 and of group 1. */
  static final int INTERFACE = 9;
  /** What {@link #acknowledge} gives from here on is no interrupt. */
  static final int SPECIAL = 1020;
  /** Most list registers that an architecture allows (v3; we use no more of a v2 either). */
  static final int MOST_LISTS = 16;
  /** Every physical interrupt has this priority: they don't preempt each other. */
  static final int PRIORITY = 0xA0;
  /** The software-generated interrupt that makes a CPU enter EL2. */
  static final int KICK = 0;

  /** List register: pending. */
  final long pending;
  /** List register: active. */
  final long active;
  /** List register: a physical interrupt stands behind it. */
  final long hardware;
  /** List register: tell when it ends. Only without {@link #hardware}. */
  final long tell;

  /** The address space as each CPU sees it: registers are banked by CPU. */
  private final PhysicalBus[] buses;

  /** @param buses the physical address space as each CPU sees it */
  PhysicalGic(List<PhysicalBus> buses, long pending, long active, long hardware, long tell) {
    this.buses = buses.toArray(PhysicalBus[]::new);
    this.pending = pending;
    this.active = active;
    this.hardware = hardware;
    this.tell = tell;
  }

  /** The address space as a CPU sees it. */
  final PhysicalBus bus(Cpu cpu) {
    return buses[cpu.index()];
  }

  /** 2 or 3. */
  abstract int version();

  // ---- Distributor

  /** Number of interrupts, a multiple of 32, at most 1024. */
  abstract int lines(Cpu via);

  /** Brings the distributor up: shared interrupts are level-sensitive, off, and go to {@code via}. */
  abstract void startDistributor(Cpu via);

  /** Brings a CPU's own part up: private interrupts are off, no virtual interrupt is signalled. */
  abstract void start(Cpu cpu);

  /** Lets an interrupt through, or not; a private one that of {@code cpu}. */
  abstract void enable(Cpu cpu, int intid, boolean on);

  /** Makes an interrupt edge-triggered or level-sensitive. */
  abstract void configure(Cpu cpu, int intid, boolean edge);

  /** Routes a shared interrupt to a CPU. */
  abstract void target(Cpu via, int intid, Cpu to);

  /** Makes an interrupt pending, or takes the latched pending state away. */
  abstract void pend(Cpu via, int intid, boolean on);

  /** Sends {@link #KICK}. */
  abstract void kick(Cpu to);

  /** Whether a CPU's redistributor has LPIs. */
  boolean hasLpis(Cpu cpu) {
    return false;
  }

  /** Has LPIs come to a CPU, which may do so already, with tables at those machine addresses. */
  void enableLpis(Cpu cpu, long configuration, long pendingTable, int idBits) {}

  // ---- CPU interface

  /** Acknowledges; what {@link #drop} and {@link #deactivate} want, of which {@link #number} is the INTID. */
  abstract int acknowledge(Cpu cpu);

  /** The INTID of what was acknowledged. */
  abstract int number(int acknowledged);

  /** Priority drop. */
  abstract void drop(Cpu cpu, int acknowledged);

  /** Deactivates. */
  abstract void deactivate(Cpu cpu, int acknowledged);

  // ---- Virtual interface control

  /** Number of list registers. */
  abstract int lists(Cpu cpu);

  abstract long list(Cpu cpu, int index);

  abstract void list(Cpu cpu, int index, long entry);

  /** Turns the virtual interface on, with the maintenance interrupt when at most one list register is in use; or off. */
  abstract void control(Cpu cpu, boolean on, boolean underflow);

  /** The guest's CPU interface: VMCR. */
  abstract long machineControl(Cpu cpu);

  /** Stores what {@link #loadInterface} needs. */
  abstract void saveInterface(Cpu cpu, long[] to, int at);

  abstract void loadInterface(Cpu cpu, long[] from, int at);

  // ---- Formats

  /** A list register that is pending, of the guest's group. */
  abstract long entry(int intid, int priority);

  /** The same with a physical interrupt of the same number behind it. */
  abstract long withHardware(long entry, int intid);

  /** The same with the CPU that sent a software-generated interrupt (v2). */
  abstract long withSource(long entry, int cpu);

  abstract int intid(long entry);

  abstract int priority(long entry);

  /** The CPU that sent a software-generated interrupt (v2). */
  abstract int source(long entry);

  /** Whether the guest's group of interrupts is on. */
  abstract boolean groupEnabled(long machineControl);

  /** The guest's priority mask. */
  abstract int priorityMask(long machineControl);
}
