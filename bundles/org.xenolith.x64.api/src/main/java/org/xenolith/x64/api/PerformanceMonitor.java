// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What counts on a CPU ({@link Cpu#monitor}): its architectural performance monitoring (Intel SDM volume 3, chapter 20), whose registers are claimed
 * besides. It is told what it asked for with {@link Cpu#watch}, on the machine's thread, while {@link Cpu#retired} and the clock are exact. Nothing that it
 * isn't asked for costs anything.
 */
@ConsumerType
public interface PerformanceMonitor {
  /** In {@link Cpu#watch}: changes of the privilege level. */
  int LEVELS = 1;
  /** In {@link Cpu#watch}: that the CPU begins to wait, and goes on. */
  int ACTIVITY = 2;
  /** In {@link Cpu#watch}: each branch. The CPU is interpreted meanwhile, whatever its engine is. */
  int BRANCHES = 4;

  /** EAX of CPUID leaf 0AH: version, counters, their width, length of EBX. */
  int cpuidEax();

  /** EBX of the same: a bit for each architectural event that isn't there. */
  int cpuidEbx();

  /** EDX of the same: counters of fixed function, their width. */
  int cpuidEdx();

  /** Whether there is IA32_PERF_CAPABILITIES, as CPUID leaf 1 says in ECX bit 15. */
  boolean capabilities();

  /**
   * RDPMC, which the CPU has allowed.
   *
   * @param select ECX
   * @throws MsrFault if there is no such counter
   */
  long counter(int select);

  /** The privilege level, or {@link Cpu#executing}, is another one now. */
  void contextChanged();

  /**
   * A branch was executed to its end, taken or not: jumps, calls and returns, near and far, loops, software interrupts, SYSCALL and what returns from any of
   * these.
   *
   * @param level the privilege level that it was executed at
   */
  void branched(int level);

  /** {@link Cpu#retired} has reached what {@link Cpu#watch} was given: before the next instruction, and before an interrupt. */
  void retiredReached();
}
