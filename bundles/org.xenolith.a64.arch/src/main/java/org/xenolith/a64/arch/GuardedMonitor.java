// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.machine.watch.ExitKind;

/** A device's monitor of a CPU: what it throws takes the device off, and the CPU goes on uncounted. */
final class GuardedMonitor implements CpuMonitor {
  private final CpuMonitor monitor;
  private final Exits exits;
  private final ViewContext device;
  // Made once: exceptions are frequent, and what is told of each of them allocates nothing.
  private final Runnable powered;
  private final Runnable taken;
  private final Runnable returns;
  private final Runnable changed;
  private final Runnable reached;

  /** @param device told what the monitor throws */
  GuardedMonitor(CpuMonitor monitor, Exits exits, ViewContext device) {
    this.monitor = monitor;
    this.exits = exits;
    this.device = device;
    powered = monitor::poweredUp;
    taken = monitor::exceptionTaken;
    returns = monitor::exceptionReturns;
    changed = monitor::contextChanged;
    reached = monitor::retiredReached;
  }

  @Override
  public void poweredUp() {
    guard(powered);
  }

  @Override
  public void exceptionTaken() {
    guard(taken);
  }

  @Override
  public void exceptionReturns() {
    guard(returns);
  }

  @Override
  public void contextChanged() {
    guard(changed);
  }

  @Override
  public void branched(int level, int kind) {
    try {
      monitor.branched(level, kind);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }

  @Override
  public void retiredReached() {
    if (!exits.wanted()) {
      guard(reached);
      return;
    }
    exits.begin(ExitKind.ALARM, device.instance());
    try {
      guard(reached);
    } finally {
      exits.end();
    }
  }

  private void guard(Runnable call) {
    try {
      call.run();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }
}
