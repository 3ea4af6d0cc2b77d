// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers MRS and MSR of system registers that live in a device (GIC CPU interface, timers, PMU). The CPU has checked the
 * minimum exception level that the encoding's op1 demands; anything finer is the handler's: it may throw a
 * {@link SystemRegisterTrap}.
 */
@ConsumerType
public interface SystemRegisterHandler {
  /** MRS: the register's value at {@code cpu}. */
  long read(ArmCpu cpu, int id);

  /**
   * Of a register that only counts virtual time: hertz. As long as no register of the handler's is written, and the CPU's exception level stays, a read of it
   * that isn't refused gives {@code floor(now × hertz / 10⁹)} plus a constant and has no effect, so that an engine that has asked once may compute the value
   * itself. The constant is that of the last read.
   *
   * @return 1 to 10⁹; 0 for any other register, which is asked for each time
   */
  default long frequency(int id) {
    return 0;
  }

  /** MSR. */
  void write(ArmCpu cpu, int id, long value);
}
