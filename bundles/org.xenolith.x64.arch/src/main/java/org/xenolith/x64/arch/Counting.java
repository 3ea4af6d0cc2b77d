// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.PerformanceMonitor;

/**
 * What a CPU tells of itself to its performance monitor: instructions from the count that engines keep anyway, so that nothing is paid for them; privilege levels
 * and waiting where those change; branches from an engine that interprets while it {@link #branches}. Of all this only whether there was a monitor is state: a monitor's record has what it needs.
 */
public final class Counting {
  private final Core cpu;
  private PerformanceMonitor monitor;
  /** Whether there was a monitor since the last reset, and its device went away. */
  private boolean gone;
  private int watched;
  private long deadline = Long.MAX_VALUE;
  /** Instructions of earlier runs. */
  private long before;
  /** Instructions that an engine counts as executed and that ended in an exception. */
  private long unretired;
  /** Value of {@code Core.executed} during an instruction that has had all its effects, or has none; -1 if there was none. */
  private long over = -1;

  Counting(Core cpu, DeviceState state) {
    this.cpu = cpu;
    // With a monitor it says so as well, so that a device that is replaced isn't to be seen in it.
    state.value("monitored", 0, () -> gone || monitor != null ? 1 : 0, value -> gone = value != 0);
    state.added("monitored");
  }

  // ---- For the device

  void claim(PerformanceMonitor newMonitor) {
    if (monitor != null) {
      throw new IllegalArgumentException("has a performance monitor already");
    }
    monitor = newMonitor;
    watch(0, Long.MAX_VALUE);
  }

  void release(PerformanceMonitor old) {
    if (monitor == old) {
      monitor = null;
      gone = true;
      watch(0, Long.MAX_VALUE);
    }
  }

  /** Whether a device's is the CPU's. */
  boolean isClaimed(PerformanceMonitor one) {
    return one != null && monitor == one;
  }

  void watch(int what, long retired) {
    if (watched != what || deadline != retired) {
      watched = what;
      deadline = retired;
      cpu.attention();
    }
  }

  /** Instructions that were executed to their end, those that ended in an exception left out. */
  long retired() {
    long executed = cpu.executed();
    return before + executed - unretired + (executed == over ? 1 : 0);
  }

  // ---- For an engine

  /** Whether an engine is to tell of branches. A change comes with {@link Core#attention}. */
  public boolean branches() {
    return (watched & PerformanceMonitor.BRANCHES) != 0;
  }

  /** A branch was executed at a level, and is yet to be counted. */
  public void branched(int level) {
    if (monitor != null) {
      monitor.branched(level);
    }
  }

  // ---- For the CPU

  /** Whether the machine's own software finds a monitor: a guest of a host's software has none. */
  private boolean present() {
    return monitor != null && !cpu.host.attached();
  }

  /** EAX of CPUID leaf 0AH. */
  int eax() {
    return present() ? monitor.cpuidEax() : 0;
  }

  /** EBX of the same. */
  int ebx() {
    return present() ? monitor.cpuidEbx() : 0;
  }

  /** EDX of the same. */
  int edx() {
    return present() ? monitor.cpuidEdx() : 0;
  }

  /** Whether CPUID tells of IA32_PERF_CAPABILITIES. */
  boolean capabilities() {
    return present() && monitor.capabilities();
  }

  /** Whether IA32_MISC_ENABLE says that there is performance monitoring. */
  boolean available() {
    return present();
  }

  /**
   * RDPMC. Of a monitor that went away since software found it, all-ones, as a register of any other device that went: kernels that count can't recover from
   * an exception here.
   */
  public long read(int select) {
    boolean allowed = cpu.cpl == 0 || cpu.real() || (cpu.cr4 & ControlBits.PCE) != 0;
    if (allowed && monitor == null && gone && !cpu.host.attached()) {
      return -1;
    }
    if (!allowed || !present()) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    try {
      return monitor.counter(select);
    } catch (MsrFault none) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
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

  /** A run ended after that many instructions. */
  void ran(long executed) {
    before += executed;
    over = -1;
  }

  /** The current instruction, if there is one, has had all its effects: what it has led to is told behind it. */
  private void over() {
    if (cpu.left > 0) {
      over = cpu.executed();
    }
  }

  /** The current instruction ends in an exception, and without effects. */
  void fault() {
    if (cpu.left > 0 && over != cpu.executed()) {
      over = cpu.executed();
      unretired++;
    }
  }

  /** The level is another one now. */
  void levelChanged() {
    if ((watched & PerformanceMonitor.LEVELS) != 0) {
      over();
      monitor.contextChanged();
    }
  }

  /** The CPU waits now, or goes on. */
  void activityChanged() {
    if ((watched & PerformanceMonitor.ACTIVITY) != 0) {
      over();
      monitor.contextChanged();
    }
  }
}
