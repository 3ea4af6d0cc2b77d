// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.regions;

import java.util.Arrays;
import org.xenolith.machine.kit.Ram;

/** What a region wrote to memory, so that it can be taken back and written again by somebody else. */
public final class Undo {
  private byte[][] chunks = new byte[64][];
  private int[] places = new int[64];
  private long[] values = new long[64];
  private int count;

  /** Eight bytes from {@code at} on, or what the chunk has of them, are about to change. */
  public void log(byte[] bytes, int at) {
    if (count == places.length) {
      chunks = Arrays.copyOf(chunks, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    int from = Math.min(at, bytes.length - 8);
    chunks[count] = bytes;
    places[count] = from;
    values[count++] = (long) Ram.H64.get(bytes, from);
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(chunks, 0, count, null);
    count = 0;
  }

  /** Takes everything back, and keeps what stood there instead. */
  void exchange() {
    long[] written = new long[count];
    for (int i = 0; i < count; i++) {
      written[i] = (long) Ram.H64.get(chunks[i], places[i]);
    }
    for (int i = count - 1; i >= 0; i--) {
      Ram.H64.set(chunks[i], places[i], values[i]);
    }
    values = Arrays.copyOf(written, values.length);
  }

  /** The first place that doesn't hold what stood there before {@link #exchange}, as text; null if there is none. */
  String difference() {
    for (int i = 0; i < count; i++) {
      long now = (long) Ram.H64.get(chunks[i], places[i]);
      if (now != values[i]) {
        return "RAM chunk offset 0x%x: %016x, %016x".formatted(places[i], now, values[i]);
      }
    }
    return null;
  }
}
