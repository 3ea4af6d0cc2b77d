// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.xenolith.boot.api.ProgressListener;

/**
 * Tells how much of a file is done, fetched or unpacked, and how long the rest takes if it goes on like that: a person at a terminal every two seconds, a log every ten.
 */
public final class FileProgress implements LongConsumer {
  /** How often a person is told, ns. */
  static final long PERSON = 2_000_000_000L;
  /** How often a log is, ns. */
  static final long LOG = 10_000_000_000L;
  private static final int MEBIBYTE = 1 << 20;

  private final String what;
  private final long size;
  private final ProgressListener listener;
  private final LongSupplier clock;
  private final long between;
  private final long began;
  private long last;

  /**
   * For one file, from now on.
   *
   * @param what  is done, with the file's name
   * @param size  bytes of the file
   * @param clock nanoseconds
   */
  public FileProgress(String what, long size, ProgressListener listener, LongSupplier clock) {
    this(what, size, listener, clock, System.console() != null && System.console().isTerminal() ? PERSON : LOG);
  }

  /** The same. @param between nanoseconds between two lines */
  FileProgress(String what, long size, ProgressListener listener, LongSupplier clock, long between) {
    this.between = between;
    this.what = what;
    this.size = size;
    this.listener = listener;
    this.clock = clock;
    this.began = clock.getAsLong();
    this.last = began;
  }

  /** @param bytes how many are done in all */
  @Override
  public void accept(long bytes) {
    long now = clock.getAsLong();
    if (now - last >= between && bytes > 0 && bytes < size) {
      last = now;
      double left = (double) (now - began) * (size - bytes) / bytes / 1e9;
      listener.progress(what + ": " + tenths(bytes) + " of " + tenths(size) + " MiB, about " + (long) Math.ceil(left) + " s left");
    }
  }

  private static String tenths(long bytes) {
    long tenths = bytes * 10 / MEBIBYTE;
    return tenths / 10 + "." + tenths % 10;
  }
}
