// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Runs a machine for a test, on a thread of its own: a test that is interrupted, as by JUnit's timeout, or the host's limit ends the wait. */
final class BoundedRun {
  /** The system property that says how many seconds of the host one wait may take. */
  static final String PROPERTY = "xenolith.junit.seconds";
  private static final int USUAL_SECONDS = 120;
  /** How long a machine may take to come to a safe point. */
  private static final int GRACE_SECONDS = 20;
  private final Machine machine;
  private final RunDriver driver;

  BoundedRun(Machine machine, RunDriver driver) {
    this.machine = machine;
    this.driver = driver;
  }

  /**
   * What a run came to.
   *
   * @param reason  why it ended; null if the machine was left in a call that doesn't come back
   * @param trouble why the wait was given up; empty if it wasn't
   */
  record Outcome(@Nullable StopReason reason, String trouble) {}

  /** Runs to a virtual time, or until something holds that stops the machine. */
  Outcome run(long until, BooleanSupplier over) {
    int seconds = Integer.getInteger(PROPERTY, USUAL_SECONDS);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (;;) {
      FutureTask<StopReason> task = new FutureTask<>(() -> driver.run(new RunLimit(until, Long.MAX_VALUE), over));
      Thread.ofPlatform().daemon().name("machine of " + Thread.currentThread().getName()).start(task);
      Outcome outcome = await(task, deadline, seconds);
      // Whoever else stopped it had a reason of theirs: a past of it that is kept, say.
      if (outcome.reason() != StopReason.STOPPED || over.getAsBoolean() || !outcome.trouble().isEmpty() || machine.now() >= until) {
        return outcome;
      }
    }
  }

  private Outcome await(FutureTask<StopReason> task, long deadline, int seconds) {
    try {
      return ended(task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return stop(task, "it took more than " + seconds + " s of the host (-D" + PROPERTY + "=SECONDS)");
    } catch (InterruptedException e) {
      Outcome outcome = stop(task, "the test was interrupted, as by a timeout of JUnit's");
      Thread.currentThread().interrupt();
      return outcome;
    } catch (ExecutionException e) {
      return new Outcome(StopReason.FAULT, "the run failed: " + e.getCause());
    }
  }

  private Outcome ended(@Nullable StopReason reason) {
    return new Outcome(reason, reason == null ? String.valueOf(driver.left()) : "");
  }

  private Outcome stop(FutureTask<StopReason> task, String why) {
    machine.stop();
    try {
      return new Outcome(task.get(GRACE_SECONDS, TimeUnit.SECONDS), why);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      driver.quit();
      return new Outcome(null, why);
    }
  }
}
