// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

/** Ends a run when it has taken too much host time. What it ends has failed: it may end anywhere. */
final class HostWatch implements AutoCloseable {
  private static final long REPEAT_MILLISECONDS = 100;
  private final long deadline;
  private final Thread thread;
  private volatile Runnable stop = () -> {};
  private volatile boolean closed;

  /** @param nanoseconds host time from now */
  HostWatch(long nanoseconds) {
    deadline = System.nanoTime() + nanoseconds;
    thread = Thread.ofPlatform().daemon().name("scenario limit").start(this::watch);
  }

  /** What ends the run of now. */
  void guard(Runnable stopRun) {
    stop = stopRun;
  }

  boolean expired() {
    return System.nanoTime() - deadline >= 0;
  }

  private void watch() {
    try {
      while (!closed) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        Thread.sleep(Math.max(REPEAT_MILLISECONDS, left));
        if (expired()) {
          stop.run(); // again and again: the run may be about to begin
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
