// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.arm.api.CpuMonitor;

/**
 * What a CPU tells of itself to who counts: instructions from the count that engines keep anyway, so that nothing is paid for them;
 * levels and exceptions where those change; branches from an engine that interprets while it {@link #branches}. None of it is state:
 * a monitor's record has all that it needs.
 */
public final class Counting {
  private final Cpu cpu;
  private CpuMonitor monitor;
  private int watched;
  private long deadline = Long.MAX_VALUE;
  /** Instructions of earlier runs. */
  private long before;
  /** Instructions that an engine counts as executed and that weren't executed to their end. */
  private long unretired;
  /** Value of {@code Cpu.executed} during an instruction that has had all its effects; -1 if there was none. */
  private long over = -1;

  Counting(Cpu cpu) {
    this.cpu = cpu;
  }

  // ---- For an engine

  /** Whether an engine is to tell of branches. A change comes with {@link Cpu#attention}. */
  public boolean branches() {
    return (watched & CpuMonitor.BRANCHES) != 0;
  }

  /** A branch was executed at a level, and is yet to be counted. @param kind as in {@link CpuMonitor} */
  public void branched(int level, int kind) {
    if (monitor != null) {
      monitor.branched(level, kind);
    }
  }

  // ---- For the CPU

  /** Whether a monitor is to be told of anything. */
  boolean watched() {
    return watched != 0 || deadline != Long.MAX_VALUE;
  }

  long retired() {
    long executed = cpu.executed();
    return before + executed - unretired + (executed == over ? 1 : 0);
  }

  void monitor(CpuMonitor newMonitor) {
    monitor = newMonitor;
    watch(0, Long.MAX_VALUE);
  }

  void forget(CpuMonitor old) {
    if (monitor == old) {
      monitor(null);
    }
  }

  void watch(int what, long retired) {
    if (watched != what || deadline != retired) {
      watched = what;
      deadline = retired;
      cpu.attention();
    }
  }

  /** A run ended after that many instructions. */
  void ran(long executed) {
    before += executed;
    over = -1;
  }

  /** Tells the monitor that its count is reached, if it is. Between instructions. */
  void look() {
    if (deadline != Long.MAX_VALUE && retired() >= deadline) {
      deadline = Long.MAX_VALUE;
      monitor.retiredReached();
    }
  }

  /** Instructions that may be executed until the next {@link #look}. */
  long left() {
    return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(1, deadline - retired());
  }

  /** The current instruction, if there is one, has had all its effects. */
  void over() {
    if (cpu.left > 0) {
      over = cpu.executed();
    }
  }

  /** The current instruction, if there is one, ends in an exception and without effects. */
  void fault() {
    if (cpu.left > 0 && over != cpu.executed()) {
      over = cpu.executed();
      unretired++;
    }
  }

  /** As many instructions more ended so. */
  void faults(long more) {
    unretired += more;
    over = cpu.executed();
  }

  /** An exception is being taken; the level is still the old one. */
  void taken() {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.exceptionTaken();
    }
  }

  /** An exception return is being executed; the level is still the old one. */
  void returns() {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.exceptionReturns();
    }
  }

  /** The level is another one now, or what decides whether something is counted. */
  void changed() {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.contextChanged();
    }
  }

  /** The CPU left reset. */
  void poweredUp() {
    if (monitor != null) {
      monitor.poweredUp();
    }
  }
}
