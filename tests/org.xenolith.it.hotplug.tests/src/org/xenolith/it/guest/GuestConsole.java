// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.console.api.SerialPort.ByteSink;

/** What a guest (or a process) has written, as text without carriage returns. Written by one thread, read by any. */
public final class GuestConsole implements ByteSink {
  /** Far more than anything here takes on a loaded host. */
  static final Duration LONG = Duration.ofMinutes(5);

  private final StringBuilder text = new StringBuilder();
  private final List<Trigger> triggers = new ArrayList<>();
  private boolean closed;

  /** Runs once, on the machine's thread, right after the byte that completes its text. */
  private record Trigger(String text, Runnable action) {}

  @Override
  public void accept(int b) {
    Trigger due = null;
    synchronized (this) {
      if (b != '\r') {
        text.append((char) b);
      }
      for (Trigger trigger : triggers) {
        if (endsWith(trigger.text)) {
          due = trigger;
        }
      }
      triggers.remove(due);
      notifyAll();
    }
    if (due != null) {
      due.action.run();
    }
  }

  private boolean endsWith(String end) {
    return text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) >= 0;
  }

  /** Runs an action when the guest writes a text from now on. */
  public synchronized void when(String expected, Runnable action) {
    triggers.add(new Trigger(expected, action));
  }

  /** Everything so far. */
  public synchronized String text() {
    return text.toString();
  }

  /** Length of everything so far. */
  public synchronized int length() {
    return text.length();
  }

  /** The guest will write no more for now: who waits is told. */
  synchronized void closed(boolean now) {
    closed = now;
    notifyAll();
  }

  /**
   * Waits until a text was written at or behind a position.
   *
   * @return the position behind it
   */
  public synchronized int await(String expected, int from) {
    long deadline = System.nanoTime() + LONG.toNanos();
    for (;;) {
      int at = text.indexOf(expected, from);
      if (at >= 0) {
        return at + expected.length();
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (closed || left <= 0) {
        throw new AssertionError("'" + expected + "' was not written " + (closed ? "before the machine stopped" : "in time")
            + "; the console's end:\n" + text.substring(Math.max(0, text.length() - 2000)));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting for '" + expected + "'", e);
      }
    }
  }
}
