// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells every two seconds how much of a file is unpacked, and how long the rest takes if it goes on like that. */
final class UnpackProgress {
  private static final long BETWEEN = 2_000_000_000L;
  private static final int MEBIBYTE = 1 << 20;

  private final String what;
  private final long size;
  private final Consumer<String> listener;
  private final LongSupplier clock;
  private final long began;
  private long last;

  /**
   * @param size  bytes of the packed file
   * @param clock nanoseconds
   */
  UnpackProgress(String what, long size, Consumer<String> listener, LongSupplier clock) {
    this.what = what;
    this.size = size;
    this.listener = listener;
    this.clock = clock;
    began = clock.getAsLong();
    last = began;
  }

  /** So many of the packed bytes are done. */
  void at(long bytes) {
    long now = clock.getAsLong();
    if (now - last >= BETWEEN && bytes > 0 && bytes < size) {
      last = now;
      double left = (double) (now - began) * (size - bytes) / bytes / 1e9;
      listener.accept(what + ": " + tenths(bytes) + " of " + tenths(size) + " MiB, about " + (long) Math.ceil(left) + " s left");
    }
  }

  private static String tenths(long bytes) {
    long tenths = bytes * 10 / MEBIBYTE;
    return tenths / 10 + "." + tenths % 10;
  }
}
