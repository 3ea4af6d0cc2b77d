// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Java code in the place of EL2 software. A CPU that has one ({@code Cpu.el2.attach}) has EL2 with all that HCR_EL2 and the
 * other registers make of it, but fetches no instruction there: what the architecture takes to EL2 calls the port, and when
 * the port returns, the CPU goes on as after an ERET: at ELR_EL2 with SPSR_EL2.
 *
 * <p>During a call the CPU is at EL2: {@code exceptionLevel()} is 2, the guest's stack pointers are in {@code Cpu.sp}, its
 * other general registers in {@code Cpu.x}; ESR_EL2, FAR_EL2, HPFAR_EL2, SPSR_EL2 and ELR_EL2 are what hardware would have
 * set. System registers are read and written through {@code Cpu.el2}. The trapped instruction counts as one when the call has
 * returned, taking an interrupt counts nothing; {@code executed()} is exact. The port may call {@code requestExit},
 * {@code waitForInterrupt} and {@code powerOff}, which act when it returns.
 *
 * <p>An exception out of a port is a bug: the CPU is powered off and the exception passes through the engine. Source: Arm ARM
 * DDI 0487, D1.
 */
@ConsumerType
public interface El2Port {
  /**
   * The CPU was powered on. EL2's registers have their reset values but for ELR_EL2, which is the entry, and SPSR_EL2, which
   * says EL1h with interrupts masked; x0 is the caller's context. Counts no instruction.
   */
  void start(Cpu cpu);

  /** A synchronous exception was taken from EL0 or EL1: ESR_EL2 says which. */
  void synchronous(Cpu cpu);

  /** An IRQ was taken that HCR_EL2.IMO routes to EL2. It is taken again at once unless its cause is gone. */
  void irq(Cpu cpu);

  /** An FIQ was taken that HCR_EL2.FMO routes to EL2. It is taken again at once unless its cause is gone. */
  void fiq(Cpu cpu);

  /** An SError interrupt was taken that HCR_EL2.AMO routes to EL2. It is no longer pending. */
  void systemError(Cpu cpu);
}
