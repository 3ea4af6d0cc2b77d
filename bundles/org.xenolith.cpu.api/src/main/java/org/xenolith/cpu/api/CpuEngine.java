// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Executes one CPU's instructions. Holds nothing but caches; closing and making another one is invisible to the guest. */
@ConsumerType
public interface CpuEngine extends AutoCloseable {
  /**
   * Executes at most {@code budget} instructions. Ends early, always between two instructions, when the CPU begins to wait
   * or is powered off, or after an instruction during which the machine asked the CPU for an exit. Pending interrupts are taken
   * before the first instruction and after any instruction that raised or unmasked one; with a budget of 0 that is all that
   * happens. Never throws for what a guest does.
   *
   * @return instructions executed
   */
  long run(long budget);

  @Override
  void close();
}
