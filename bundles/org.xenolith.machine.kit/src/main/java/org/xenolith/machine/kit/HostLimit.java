// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory a process takes of the host at most. The host itself refuses hardly anything, and ends whoever has taken too much when it is
 * written: a guest would end its process without a word.
 */
final class HostLimit {
  /** Times that what nobody refers to is looked for before memory is refused; each waits twice as long as the one before for what is given back. */
  private static final int TRIES = 8;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** @param most bytes */
  HostLimit(long most) {
    this.most = most;
  }

  /**
   * Memory is to be taken.
   *
   * @throws OutOfMemoryError if it is more than there may be
   */
  void take(long bytes) {
    for (int i = 0; !taken(bytes); i++) {
      if (i == TRIES) {
        throw new OutOfMemoryError("%d bytes more than the %d outside of the heap that are taken, of at most %d".formatted(bytes, taken
            .get(),
            most));
      }
      System.gc();
      await(1L << i);
    }
  }

  /** Bytes that are taken. */
  long taken() {
    return taken.get();
  }

  private boolean taken(long bytes) {
    for (;;) {
      long now = taken.get();
      if (bytes > most - now) {
        return false;
      }
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  private static void await(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Memory was given back. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
