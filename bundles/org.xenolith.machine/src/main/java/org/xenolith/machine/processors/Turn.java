// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.kit.Processor;

/** One CPU as the scheduler sees it. */
public interface Turn {
  /** Whether it has instructions to execute now: powered on and not waiting. */
  boolean runnable();

  /**
   * Executes at most {@code budget} instructions; fewer if it begins to wait or an exit is requested. With 0 it only takes
   * the interrupts that are pending.
   *
   * @return instructions executed
   */
  long run(long budget);

  /** The same, where some instructions fewer will do. */
  default long runAbout(long budget) {
    return run(budget);
  }

  /** The CPU; null for what is none. */
  default Processor processor() {
    return null;
  }

  /** The CPU as watchers see it. */
  CpuPort port();

  /** Instructions completed since the current {@link #run} began. */
  long executed();

  /** Ends the current {@link #run} after the current instruction. */
  void requestExit();

  /** Whether the last {@link #run} ended because of {@link #requestExit}. */
  boolean exitRequested();
}
