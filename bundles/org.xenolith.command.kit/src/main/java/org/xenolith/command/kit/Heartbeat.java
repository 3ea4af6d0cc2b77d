// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells what is being done when nothing else is told: a person who waits at a terminal after 2 seconds of host time, after 10, after 30, and then each minute; a log, whose reader looks
 * now and then whether it goes on, after 30 and then each minute. Whoever has progress to tell does that by himself, and it is quiet then. Any thread.
 */
public final class Heartbeat implements AutoCloseable {
  /** When a person is told, in seconds; the last is how often from then on. */
  static final List<Long> PERSON = List.of(2L, 10L, 30L, 60L);
  /** When a log is. */
  static final List<Long> LOG = List.of(30L, 60L);
  private static final long LOOK_MILLISECONDS = 200;
  private final PrintWriter err;
  private final List<Long> seconds;
  private String what = "";
  /** When it began, and when something was told last, by {@link System#nanoTime}. */
  private long begun;
  private long heard;
  private int lines;
  private volatile boolean closed;

  /** One that looks at no clock by itself. @param seconds when it is told */
  Heartbeat(PrintWriter err, List<Long> seconds) {
    this.err = err;
    this.seconds = seconds;
  }

  /** As seldom as a log wants it where no terminal is. @param err where it is told */
  public static Heartbeat to(PrintWriter err) {
    return to(err, System.console() != null && System.console().isTerminal() ? PERSON : LOG);
  }

  /** The same. @param seconds when it is told */
  static Heartbeat to(PrintWriter err, List<Long> seconds) {
    Heartbeat work = new Heartbeat(err, seconds);
    Thread.ofPlatform().daemon().name("long work").start(work::watch);
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
    int last = seconds.size() - 1;
    return lines <= last ? seconds.get(lines) : seconds.get(last) * (lines - last + 1);
  }

  @Override
  public void close() {
    closed = true;
    begins("");
  }
}
