// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.swt.widgets.Display;

/** Measures from outside how long the UI thread takes to answer. */
final class Heartbeat implements AutoCloseable {
  private static final long PAUSE_MILLISECONDS = 20;
  private static final long LOST_SECONDS = 60;
  private final AtomicLong longest = new AtomicLong();
  private volatile boolean closed;

  Heartbeat(Display display) {
    Thread.ofPlatform().name("heartbeat").daemon().start(() -> {
      try {
        while (!closed) {
          long asked = System.nanoTime();
          CountDownLatch answered = new CountDownLatch(1);
          display.asyncExec(answered::countDown);
          answered.await(LOST_SECONDS, TimeUnit.SECONDS);
          longest.accumulateAndGet(System.nanoTime() - asked, Math::max);
          Thread.sleep(PAUSE_MILLISECONDS);
        }
      } catch (InterruptedException | org.eclipse.swt.SWTException e) {
        // the window is gone
      }
    });
  }

  /** The longest answer so far, in milliseconds. */
  long longest() {
    return TimeUnit.NANOSECONDS.toMillis(longest.get());
  }

  @Override
  public void close() {
    closed = true;
  }
}
