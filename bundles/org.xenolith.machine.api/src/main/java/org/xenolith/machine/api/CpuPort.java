// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A CPU as any device may know it, whatever its architecture. Permanent for the machine's life, whatever engine executes. A device that is of an
 * architecture asks for more: {@link #as}.
 */
@ProviderType
public interface CpuPort {
  /** Position among the machine's CPUs, from 0. */
  int index();

  /**
   * Instructions executed to their end since the CPU was made, exact at the current one. Which of those that are interrupted by an exception
   * count is the architecture's to say.
   */
  default long retired() {
    return 0;
  }

  /** Whether the CPU is powered on (running or waiting). */
  boolean powered();

  /** Powers the CPU off after the current instruction. */
  void powerOff();

  /**
   * The CPU as a device of its architecture has it, such as {@code org.xenolith.arm.api.ArmCpu}; or, for what stands in the place of a higher
   * privilege level, the CPU itself as an object of the platform: a hypervisor asks for its architectural state.
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
