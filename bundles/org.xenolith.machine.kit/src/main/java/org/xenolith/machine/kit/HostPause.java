// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.concurrent.locks.LockSupport;

/**
 * A pause in host time, for threads that look after machines. No bundle ends it: any code of a process can interrupt any thread, and who looks after it must not be rid of so.
 * Not for models, which know no host time.
 */
public final class HostPause {
  private HostPause() {}

  /** Returns after so many nanoseconds, and not before; that the thread was interrupted meanwhile is forgotten. */
  public static void nanoseconds(long pause) {
    long end = System.nanoTime() + pause;
    for (long left = pause; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      Thread.interrupted();
    }
  }
}
