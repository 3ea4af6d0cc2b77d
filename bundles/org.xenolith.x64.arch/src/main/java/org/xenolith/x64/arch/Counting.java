// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.RetiredInstructions;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.PerformanceMonitor;

/**
 * What a CPU tells of itself to its performance monitor: instructions; privilege levels and waiting where those change; branches from an engine that interprets
 * while it {@link #branches}. Of all this only whether there was a monitor is state: a monitor's record has what it needs.
 */
public final class Counting extends RetiredInstructions {
  private final Core cpu;
  private @Nullable PerformanceMonitor monitor;
  /** Whether there was a monitor since the last reset, and its device went away. */
  private boolean gone;

  Counting(Core cpu, DeviceState state) {
    super(cpu);
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

  // ---- For an engine

  /** Whether an engine is to tell of branches. A change comes with {@link Core#attention}. */
  public boolean branches() {
    return watches(PerformanceMonitor.BRANCHES);
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

  @Override
  protected void reached() {
    monitor.retiredReached();
  }

  /** The level is another one now. */
  void levelChanged() {
    if (watches(PerformanceMonitor.LEVELS)) {
      over();
      monitor.contextChanged();
    }
  }

  /** The CPU waits now, or goes on. */
  void activityChanged() {
    if (watches(PerformanceMonitor.ACTIVITY)) {
      over();
      monitor.contextChanged();
    }
  }
}
