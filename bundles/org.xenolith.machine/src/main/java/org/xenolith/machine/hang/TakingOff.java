// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.util.concurrent.locks.LockSupport;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Machine.TakenOff;
import org.xenolith.machine.run.RunLoop;

/** Takes a model that hangs off the bus of a machine: gently, and if that is of no use by giving up the machine's thread. */
public final class TakingOff {
  /** Nanoseconds that an interrupted model has to come back, as {@link FairTime} counts them. */
  private static final long PATIENCE = 2_000_000_000L;
  private static final long LOOK = 10_000_000;

  private final Hardware hardware;
  private final RunLoop loop;
  private final Watchdog watchdog;

  public TakingOff(Hardware hardware, RunLoop loop, Watchdog watchdog) {
    this.hardware = hardware;
    this.loop = loop;
    this.watchdog = watchdog;
  }

  /** @param goOn has another thread run the machine; null if nobody would */
  public TakenOff take(Runnable goOn) {
    Watchdog.Watch watch = watchdog.hanging(hardware);
    Suspects.Suspect suspect = watch == null ? null : watch.suspect();
    if (suspect == null) {
      return new TakenOff(false, "nothing hangs");
    }
    String who = watch.hang().toString();
    Thread thread = watch.thread();
    boolean running = thread != null && thread == loop.thread();
    if (running && suspect.slot() != null) {
      loop.post(() -> {
        Thread.interrupted();
        if (suspect.slot().present() && suspect.slot().serves(suspect.provider().bundle())) {
          suspect.slot().failed(new ModelException("it was taken off the bus, because it did not come back"));
        }
      });
    }
    if (interrupted(watch, thread)) {
      watch.over();
      return new TakenOff(true, who + ": it was interrupted, came back and is off the bus");
    }
    if (!running) {
      return new TakenOff(false, who
          + " and doesn't heed being interrupted; the machine wasn't running, so that nothing can go on without it");
    }
    if (suspect.slot() == null) {
      return new TakenOff(false, who + " and doesn't heed being interrupted; " + (suspect.engine() ? "it is the CPU's engine"
          : "it serves several devices or none, so that nobody knows what to take off"));
    }
    if (hardware.clock.running() != null) {
      return new TakenOff(false, who + " and doesn't heed being interrupted; it was called from the middle of an instruction of the"
          + " guest's, of which the rest is on its thread: the machine can't go on without it");
    }
    if (suspect.callers()) {
      return new TakenOff(false, who + " and doesn't heed being interrupted; another model called it and is in the middle of"
          + " what it does: the machine can't go on without both");
    }
    if (goOn == null) {
      return new TakenOff(false, who + " and doesn't heed being interrupted; the thread is the application's, which has no other");
    }
    suspect.slot().lost();
    loop.abandon();
    watch.over();
    goOn.run();
    return new TakenOff(true, who + ": its thread was given up, another one goes on");
  }

  /** Interrupts it and waits whether it comes back. */
  private boolean interrupted(Watchdog.Watch watch, Thread thread) {
    if (thread == null) {
      return true;
    }
    long progress = watch.progress();
    thread.interrupt();
    FairTime time = watchdog.timeOf(thread);
    for (long had = 0; had < PATIENCE; had += time.next()) {
      long end = System.nanoTime() + Watchdog.PERIOD;
      while (System.nanoTime() < end) {
        if (watch.thread() != thread || watch.progress() != progress || !thread.isAlive()) {
          return true;
        }
        LockSupport.parkNanos(LOOK);
      }
    }
    return watch.hang() == null;
  }
}
