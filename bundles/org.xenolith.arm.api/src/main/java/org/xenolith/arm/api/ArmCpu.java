// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.api.ModelException;

/**
 * An Arm CPU as devices see it: interrupt inputs, system registers that live in devices, firmware calls, and power. Permanent for the
 * machine's life, whatever engine executes. Each device has its own ({@link #of}): what it claims takes effect with the device's other claims
 * and is undone when its context closes.
 */
@ProviderType
public interface ArmCpu extends CpuPort {
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

  /**
   * The machine's CPUs, in the order of their nodes.
   *
   * @throws ModelException if one of them is no Arm CPU
   */
  static List<ArmCpu> of(DeviceProcessors processors) {
    List<ArmCpu> cpus = new ArrayList<>();
    for (CpuPort cpu : processors.cpus()) {
      cpus.add(cpu.as(ArmCpu.class));
    }
    return List.copyOf(cpus);
  }

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
   * What the CPU's description says of a register that a device answers for, as it names the implementer in PMCR_EL0; the same for the machine's
   * life, and whoever claims the register.
   *
   * @param id as for {@link #systemRegister}
   * @return 0 if it says nothing of it
   */
  default long described(int id) {
    return 0;
  }

  /**
   * Claims system registers for a device; undone when the device's context closes. Encodings that nobody claims are
   * UNDEFINED.
   *
   * @param ids as for {@link #systemRegister}
   */
  void claim(SystemRegisterHandler handler, int... ids);

  /** Answers SMC and HVC firmware calls of this CPU for a device; undone when the device's context closes. */
  void firmware(SmcccHandler handler);

  /** Answers semihosting calls of this CPU, at EL1 and above, for a device; undone when the device's context closes. Without, they are UNDEFINED. */
  default void semihosting(SemihostingHandler handler) {}

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

  /** Suspends the CPU until an interrupt input is raised, as WFI does. */
  void waitForInterrupt();
}
