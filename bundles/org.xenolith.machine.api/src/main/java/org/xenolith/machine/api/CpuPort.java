// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A CPU as devices see it: interrupt inputs, system registers that live in devices, and power. Permanent for the machine's
 * life, whatever engine executes.
 */
@ProviderType
public interface CpuPort {
  /** Interrupt request inputs of a CPU. */
  enum Signal {
    /** Physical IRQ. */
    IRQ,
    /** Physical FIQ. */
    FIQ,
    /** Virtual IRQ, seen at EL1 when HCR_EL2.IMO is set. */
    VIRQ,
    /** Virtual FIQ, seen at EL1 when HCR_EL2.FMO is set. */
    VFIQ
  }

  /** Position among the machine's CPUs, from 0. */
  int index();

  /** The affinity fields of MPIDR_EL1 (Aff3 in bits 39:32, Aff2..Aff0 in 23:0). */
  long affinity();

  /** Drives an interrupt input. */
  void signal(Signal signal, boolean level);

  /** The current exception level, 0 to 3. */
  int exceptionLevel();

  /**
   * The value of a system register, as a device may need it to decide how to answer (HCR_EL2, CNTHCTL_EL2 …).
   *
   * @param id op0:op1:CRn:CRm:op2 as in bits 20:5 of MRS and MSR (Arm ARM C5.1.2)
   */
  long systemRegister(int id);

  /**
   * Claims system registers for a device; undone when the device's context closes. Encodings that nobody claims are
   * UNDEFINED.
   *
   * @param ids as for {@link #systemRegister}
   */
  void claim(SystemRegisterHandler handler, int... ids);

  /**
   * Instructions executed to their end since the CPU was made, exact at the current one; the current one is among them as soon as
   * it takes an exception that it was made for (SVC, HVC, SMC) or returns from one. What takes a fault or a trap isn't.
   */
  default long retired() {
    return 0;
  }

  /**
   * Makes a device the CPU's monitor; undone when the device's context closes. There is one at a time: another device's is refused
   * with the claims of its registers.
   */
  default void monitor(CpuMonitor monitor) {}

  /**
   * Says what the monitor is told, which is nothing at first.
   *
   * @param what    {@link CpuMonitor#LEVELS} and {@link CpuMonitor#BRANCHES}, or 0
   * @param retired value of {@link #retired} at which it is told so; {@link Long#MAX_VALUE} for never
   */
  default void watch(int what, long retired) {}

  /** Sets the event register, as SEV does: ends a WFE. */
  void event();

  /** Whether the CPU is powered on (running or waiting). */
  boolean powered();

  /**
   * Powers the CPU on at the start of its next turn, in the state that PSCI 1.1 section 6.4 demands: the highest non-secure
   * exception level that is built, MMU off, interrupts masked.
   *
   * @param entry   physical address of the first instruction
   * @param context value of x0
   */
  void powerOn(long entry, long context);

  /**
   * Has a device do its part of the firmware's work for a CPU whenever the CPU is powered on, which always begins below the
   * level of that firmware: before its first instruction. Undone when the device's context closes.
   */
  void atPowerOn(Runnable firmware);

  /** Powers the CPU off after the current instruction. */
  void powerOff();

  /** Suspends the CPU until an interrupt input is raised, as WFI does. */
  void waitForInterrupt();

  /**
   * The CPU itself as an object of the platform, for what stands in a higher exception level's place: a hypervisor asks for
   * its architectural state, {@code org.xenolith.cpu.arch.Cpu}.
   *
   * @throws ModelException if this CPU is none of that type
   */
  default <T> T as(Class<T> type) {
    if (!type.isInstance(this)) {
      throw new ModelException("cpu " + index() + " is " + getClass().getName() + ", no " + type.getName());
    }
    return type.cast(this);
  }
}
