// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells a person who waits at a terminal what is being done when nothing else is told: after 2 seconds of host time, after 10, after 30, and then each minute. Whoever has
 * progress to tell does that by himself, and it is quiet then. Where no terminal is, it tells nothing: logs have no reader who waits. Any thread.
 */
public final class Heartbeat implements AutoCloseable {
  private static final long[] SECONDS = {2, 10, 30, 60};
  private static final long LOOK_MILLISECONDS = 200;
  private final PrintWriter err;
  private String what = "";
  /** When it began, and when something was told last, by {@link System#nanoTime}. */
  private long begun;
  private long heard;
  private int lines;
  private volatile boolean closed;

  private Heartbeat(PrintWriter err) {
    this.err = err;
  }

  /** Where a terminal is; elsewhere nothing is ever told. @param err where it is told */
  public static Heartbeat to(PrintWriter err) {
    return to(err, System.console() != null && System.console().isTerminal());
  }

  /** The same. @param person whether somebody waits */
  static Heartbeat to(PrintWriter err, boolean person) {
    Heartbeat work = new Heartbeat(err);
    if (person) {
      Thread.ofPlatform().daemon().name("long work").start(work::watch);
    }
    return work;
  }

  /** From now on this is done. @param doing as a person calls it; empty for nothing that anybody waits for */
  public synchronized void begins(String doing) {
    what = doing;
    begun = System.nanoTime();
    heard = begun;
    lines = 0;
  }

  /** Something else was told. */
  public synchronized void heard() {
    heard = System.nanoTime();
    lines = 0;
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLISECONDS));
      String line = line(System.nanoTime());
      if (!line.isEmpty() && !closed) {
        err.println(line);
        err.flush();
      }
    }
  }

  /** What is to be told then; empty for nothing. */
  synchronized String line(long now) {
    long silent = TimeUnit.NANOSECONDS.toSeconds(now - heard);
    if (what.isEmpty() || silent < due()) {
      return "";
    }
    while (silent >= due()) {
      lines++;
    }
    return String.format(Locale.ROOT, "xenolith: %s, for %d s now", what, TimeUnit.NANOSECONDS.toSeconds(now - begun));
  }

  private long due() {
    int last = SECONDS.length - 1;
    return lines <= last ? SECONDS[lines] : SECONDS[last] * (lines - last + 1);
  }

  @Override
  public void close() {
    closed = true;
    begins("");
  }
}
