// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A CPU's local interrupt controller as the CPU uses it (Intel SDM volume 3, chapter 12: local APIC). */
@ConsumerType
public interface LocalInterrupts {
  /**
   * The CPU takes the interrupt that {@link Cpu#interrupt} asked for: it is in service from now on.
   *
   * @return its vector, 16 to 255; that of the spurious interrupt if none is there any more
   */
  int acknowledge();

  /** CR8: the task priority, 0 to 15. */
  int taskPriority();

  /** MOV to CR8. @param priority 0 to 15 */
  void taskPriority(int priority);

  /** Whether it is enabled, as CPUID leaf 1 says in EDX bit 9. */
  boolean enabled();

  /** Whether it has the x2APIC mode, as CPUID leaf 1 says in ECX bit 21. */
  boolean x2apic();

  /** Whether its timer has the TSC deadline mode, as CPUID leaf 1 says in ECX bit 24. */
  boolean deadline();

  /** The CPU's performance monitor interrupts, once: what the entry for it in the local vector table says is delivered, and that entry masked (12.5.1). */
  default void performanceInterrupt() {}
}
