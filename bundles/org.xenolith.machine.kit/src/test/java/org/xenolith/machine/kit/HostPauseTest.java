// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A pause that nobody cuts short. */
class HostPauseTest {
  private static final long PAUSE = 50_000_000;

  @Test
  void interruptNeitherEndsItNorStays() {
    long began = System.nanoTime();
    Thread.currentThread().interrupt();
    HostPause.nanoseconds(PAUSE);
    assertTrue(System.nanoTime() - began >= PAUSE);
    assertFalse(Thread.currentThread().isInterrupted());
  }
}
