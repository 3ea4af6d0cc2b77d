// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * One run of a machine on a thread of its own, so that who began it stays alive when a model doesn't come back. When that thread is
 * given up ({@link Machine#takeOff}), another one goes on with the same run.
 */
public final class MachineRun {
  private final Machine machine;
  private final RunLimit limit;
  /** Who runs it now; one that was given up has no say any more. */
  private Thread runner;
  private StopReason reason;
  private Throwable thrown;

  private MachineRun(Machine machine, RunLimit limit) {
    this.machine = machine;
    this.limit = limit;
  }

  /** Begins a run. */
  public static MachineRun begin(Machine machine, RunLimit limit) {
    MachineRun run = new MachineRun(machine, limit);
    machine.continuer(run::go);
    run.go();
    return run;
  }

  private synchronized void go() {
    runner = Thread.ofPlatform().daemon().name("machine").unstarted(this::run);
    runner.start();
  }

  private void run() {
    try {
      ended(machine.run(limit), null);
    } catch (Throwable e) {
      ended(null, e);
    }
  }

  private synchronized void ended(@Nullable StopReason why, @Nullable Throwable how) {
    if (Thread.currentThread() != runner) {
      return;
    }
    reason = why;
    thrown = how;
    notifyAll();
  }

  /**
   * Waits for the end. What the run threw is thrown here.
   *
   * @param milliseconds at most so long, host time
   * @return why it ended; empty if it hasn't
   */
  public synchronized Optional<StopReason> await(long milliseconds) throws InterruptedException {
    long end = System.nanoTime() + milliseconds * 1_000_000;
    for (long left = milliseconds; reason == null && thrown == null && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    if (thrown != null) {
      throw MachineRun.<RuntimeException>as(thrown);
    }
    return Optional.ofNullable(reason);
  }

  /** A run declares no checked exception; if one came, somebody had smuggled it in. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T as(Throwable e) throws T {
    throw (T) e;
  }
}
