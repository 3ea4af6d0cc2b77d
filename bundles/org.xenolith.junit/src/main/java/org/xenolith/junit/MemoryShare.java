// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much memory the machines of tests that run at once may come to. Each counts with all of its RAM, which a guest may fill, and one that has more than all there is counts with that. Whoever finds
 * none waits for a test to end.
 */
final class MemoryShare {
  /** The system property that says how much, in MiB. */
  static final String PROPERTY = "xenolith.junit.memory";
  private static final int MEBIBYTE = 20;
  private static final double USUAL = 0.75;
  private final int most;
  private final long minutes;
  private final Semaphore free;

  /** @param mebibytes that there are @param minutes that somebody waits at most */
  MemoryShare(int mebibytes, long minutes) {
    most = Math.max(1, mebibytes);
    this.minutes = minutes;
    free = new Semaphore(most, true);
  }

  /** What the property says, or three quarters of what the JVM may take: its limit holds for guests' memory outside of the heap, too. */
  static MemoryShare ofThisProcess() {
    int usual = (int) Math.min(Integer.MAX_VALUE, (long) (Runtime.getRuntime().maxMemory() * USUAL) >> MEBIBYTE);
    return new MemoryShare(Integer.getInteger(PROPERTY, usual), 10);
  }

  /**
   * Takes the share of a machine.
   *
   * @param bytes its RAM
   * @return gives it back
   */
  AutoCloseable take(long bytes) {
    int wanted = (int) Math.min(most, bytes + (1 << MEBIBYTE) - 1 >> MEBIBYTE);
    try {
      if (!free.tryAcquire(wanted, minutes, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a machine with " + wanted + " MiB found no memory for " + minutes
            + " minutes: tests that run at once"
            + " have " + most + " MiB in all, and one of them doesn't end; more is -D" + PROPERTY + "=MIB");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it waited for other tests' memory", e);
    }
    return () -> free.release(wanted);
  }
}
