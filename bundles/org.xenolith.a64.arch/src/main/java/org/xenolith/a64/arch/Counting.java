// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.machine.kit.RetiredInstructions;

/**
 * What a CPU tells of itself to who counts: instructions; levels and exceptions where those change; branches from an engine that interprets while it
 * {@link #branches}. None of it is state: a monitor's record has all that it needs.
 */
public final class Counting extends RetiredInstructions {
  private CpuMonitor monitor;

  Counting(Cpu cpu) {
    super(cpu);
  }

  // ---- For an engine

  /** Whether an engine is to tell of branches. A change comes with {@link Cpu#attention}. */
  public boolean branches() {
    return watches(CpuMonitor.BRANCHES);
  }

  /** A branch was executed at a level, and is yet to be counted. @param kind as in {@link CpuMonitor} */
  public void branched(int level, int kind) {
    if (monitor != null) {
      monitor.branched(level, kind);
    }
  }

  // ---- For the CPU

  void monitor(@Nullable CpuMonitor newMonitor) {
    monitor = newMonitor;
    watch(0, Long.MAX_VALUE);
  }

  void forget(CpuMonitor old) {
    if (monitor == old) {
      monitor(null);
    }
  }

  @Override
  protected void reached() {
    monitor.retiredReached();
  }

  /** An exception is being taken; the level is still the old one. */
  void taken() {
    if (watches(CpuMonitor.LEVELS)) {
      monitor.exceptionTaken();
    }
  }

  /** An exception return is being executed; the level is still the old one. */
  void returns() {
    if (watches(CpuMonitor.LEVELS)) {
      monitor.exceptionReturns();
    }
  }

  /** The level is another one now, or what decides whether something is counted. */
  void changed() {
    if (watches(CpuMonitor.LEVELS)) {
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
