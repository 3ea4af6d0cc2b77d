// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers MRS and MSR of system registers that live in a device (GIC CPU interface, timers, PMU). The CPU has checked the
 * minimum exception level that the encoding's op1 demands; anything finer is the handler's: it may throw a
 * {@link SystemRegisterTrap}.
 */
@ConsumerType
public interface SystemRegisterHandler {
  /** MRS: the register's value at {@code cpu}. */
  long read(CpuPort cpu, int id);

  /** MSR. */
  void write(CpuPort cpu, int id, long value);
}
