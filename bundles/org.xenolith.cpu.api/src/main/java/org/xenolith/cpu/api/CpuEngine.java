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

  /**
   * As {@link #run}, for a caller to whom it is the same if some instructions fewer are executed, but one at least: an engine needn't cut what it executes as a whole.
   *
   * @return instructions executed
   */
  default long runAbout(long budget) {
    return run(budget);
  }

  @Override
  void close();
}
