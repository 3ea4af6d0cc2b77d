// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Paces idle jumps of virtual time to the host's, so that a prompt feels right. The only place where a
 * host clock matters to a machine. It delays; where an input cuts a delay short, the point in virtual time is journalled with the input.
 */
public final class Governor {
  /** How far virtual time may lag behind the host's before the lag is forgiven instead of made up for. */
  private static final long MOST_LAG = 50_000_000;

  private volatile boolean on;
  /** Whether something outside is asked or connected; null if nothing is outside. */
  private volatile BooleanSupplier outside;
  private boolean anchored;
  private long hostAnchor;
  private long virtualAnchor;

  public void set(boolean newOn) {
    on = newOn;
    anchored = false;
  }

  /** Whether somebody has time pass as the host's does. */
  public boolean on() {
    return on;
  }

  /** Says that something outside may wake the machine, and how to see whether it is busy; null for nothing. */
  public void outside(BooleanSupplier busy) {
    outside = busy;
  }

  /** Whether somebody outside may wake a machine in which nothing else ever happens. */
  public boolean awaited() {
    return on || outside != null;
  }

  /** Whether time is to pass as the host's does now. */
  public boolean paces() {
    BooleanSupplier busy = outside;
    return on || busy != null && busy.getAsBoolean();
  }

  /**
   * Waits until host time has caught up with virtual time {@code target}.
   *
   * @param now    virtual time before the jump
   * @param target virtual time after it, {@link Long#MAX_VALUE} to wait for {@code woken} only
   * @param woken  ends the wait
   * @return the virtual time that host time reached: {@code target}, or less if woken
   */
  public long await(long now, long target, BooleanSupplier woken) {
    anchor(now);
    while (!woken.getAsBoolean()) {
      long reached = virtualAnchor + (System.nanoTime() - hostAnchor);
      if (reached >= target) {
        return target;
      }
      LockSupport.parkNanos(this, Math.min(target - reached, 1_000_000_000L));
    }
    return Math.clamp(virtualAnchor + (System.nanoTime() - hostAnchor), now, target);
  }

  private void anchor(long now) {
    long host = System.nanoTime();
    if (!anchored || virtualAnchor + (host - hostAnchor) - now > MOST_LAG || now - virtualAnchor > host - hostAnchor + MOST_LAG) {
      anchored = true;
      hostAnchor = host;
      virtualAnchor = now;
    }
  }
}
