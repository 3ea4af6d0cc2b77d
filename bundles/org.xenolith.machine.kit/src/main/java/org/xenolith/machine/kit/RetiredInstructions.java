// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Instructions that a processor has executed to their end, for its performance monitor: from the count that engines keep anyway, so that nothing is paid for
 * them. None of it is state: a monitor's record has all that it needs.
 */
@ConsumerType
public abstract class RetiredInstructions {
  private final CountedProcessor cpu;
  private int watched;
  private long deadline = Long.MAX_VALUE;
  /** Instructions of earlier runs. */
  private long before;
  /** Instructions that an engine counts as executed and that weren't executed to their end. */
  private long unretired;
  /** Value of {@link CountedProcessor#executed} during an instruction that has had all its effects; -1 if there was none. */
  private long over = -1;

  /** @param cpu whose they are */
  protected RetiredInstructions(CountedProcessor cpu) {
    this.cpu = cpu;
  }

  /** Tells the monitor that its count is reached. */
  protected abstract void reached();

  /**
   * The monitor is to be told from now on.
   *
   * @param what    bits of the architecture's: of what
   * @param retired at which count of {@link #retired}
   */
  public final void watch(int what, long retired) {
    if (watched != what || deadline != retired) {
      watched = what;
      deadline = retired;
      cpu.attention();
    }
  }

  /** Whether the monitor is to be told of any of this. */
  protected final boolean watches(int what) {
    return (watched & what) != 0;
  }

  /** Whether the monitor is to be told of anything. */
  public final boolean watched() {
    return watched != 0 || deadline != Long.MAX_VALUE;
  }

  /** Instructions that were executed to their end, those that ended in an exception left out. */
  public final long retired() {
    long executed = cpu.executed();
    return before + executed - unretired + (executed == over ? 1 : 0);
  }

  /** Tells the monitor that its count is reached, if it is. Between instructions. */
  public final void look() {
    if (deadline != Long.MAX_VALUE && retired() >= deadline) {
      deadline = Long.MAX_VALUE;
      reached();
    }
  }

  /** Instructions that may be executed until the next {@link #look}. */
  public final long untilLook() {
    return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(1, deadline - retired());
  }

  /** A run ended after that many instructions. */
  public final void ran(long executed) {
    before += executed;
    over = -1;
  }

  /** The current instruction, if there is one, has had all its effects. */
  public final void over() {
    if (cpu.left > 0) {
      over = cpu.executed();
    }
  }

  /** The current instruction, if there is one, ends in an exception and without effects. */
  public final void fault() {
    if (cpu.left > 0 && over != cpu.executed()) {
      over = cpu.executed();
      unretired++;
    }
  }

  /** As many instructions more ended so. */
  public final void faults(long more) {
    unretired += more;
    over = cpu.executed();
  }
}
