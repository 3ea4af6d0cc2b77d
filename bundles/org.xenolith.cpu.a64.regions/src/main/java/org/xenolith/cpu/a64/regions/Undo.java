// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.Arrays;
import org.xenolith.machine.kit.HostMemory;

/** What a region wrote to memory, so that it can be taken back and written again by somebody else. */
public final class Undo {
  private byte[][] chunks = new byte[64][];
  private long[] places = new long[64];
  private long[] values = new long[64];
  private int count;

  /** Eight bytes at a place in {@code HostMemory}, or what its page has of them, are about to change. */
  public void log(byte[] heap, long at) {
    if (count == places.length) {
      chunks = Arrays.copyOf(chunks, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    long from = Math.min(at, (at | 0xFFF) - 7);
    chunks[count] = heap;
    places[count] = from;
    values[count++] = HostMemory.read64(heap, from);
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
      written[i] = HostMemory.read64(chunks[i], places[i]);
    }
    for (int i = count - 1; i >= 0; i--) {
      HostMemory.write64(chunks[i], places[i], values[i]);
    }
    values = Arrays.copyOf(written, values.length);
  }

  /** The first place that doesn't hold what stood there before {@link #exchange}, as text; null if there is none. */
  String difference() {
    for (int i = 0; i < count; i++) {
      long now = HostMemory.read64(chunks[i], places[i]);
      if (now != values[i]) {
        return "RAM, offset 0x%x of its page: %016x, %016x".formatted(places[i] & 0xFFF, now, values[i]);
      }
    }
    return null;
  }
}
