package org.xenolith.machine;

import java.util.function.Consumer;
import org.xenolith.machine.api.CpuMonitor;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.Exits;

/** A device's monitor of a CPU: what it throws takes the device off, and the CPU goes on uncounted. */
final class GuardedMonitor implements CpuMonitor {
  private final CpuMonitor monitor;
  private final Exits exits;
  private final String device;
  private final Consumer<Throwable> failure;

  /**
   * @param device  instance of the device
   * @param failure told what the monitor throws
   */
  GuardedMonitor(CpuMonitor monitor, Exits exits, String device, Consumer<Throwable> failure) {
    this.monitor = monitor;
    this.exits = exits;
    this.device = device;
    this.failure = failure;
  }

  @Override public void poweredUp() {
    guard(monitor::poweredUp);
  }

  @Override public void exceptionTaken() {
    guard(monitor::exceptionTaken);
  }

  @Override public void exceptionReturns() {
    guard(monitor::exceptionReturns);
  }

  @Override public void contextChanged() {
    guard(monitor::contextChanged);
  }

  @Override public void branched(int level, int kind) {
    try {
      monitor.branched(level, kind);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error bug) {
      failure.accept(bug);
    }
  }

  @Override public void retiredReached() {
    if (!exits.wanted()) {
      guard(monitor::retiredReached);
      return;
    }
    exits.begin(ExitKind.ALARM, device);
    try {
      guard(monitor::retiredReached);
    } finally {
      exits.end();
    }
  }

  private void guard(Runnable call) {
    try {
      call.run();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error bug) {
      failure.accept(bug);
    }
  }
}
