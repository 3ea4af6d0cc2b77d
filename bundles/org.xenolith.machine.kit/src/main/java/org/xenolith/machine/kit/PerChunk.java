// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/** What an engine keeps for each chunk of RAM: a map whose chunks that were asked for last are found by their address. */
public final class PerChunk<T> {
  /** Chunks that are at hand; a power of two. */
  private static final int AT_HAND = 64;
  /** Bytes of the chunks that most RAM is in, as a power of two: neighbours don't drive each other out. */
  private static final int SHIFT = 24;

  private final Map<Ram, T> all = new IdentityHashMap<>();
  private final Ram[] chunks = new Ram[AT_HAND];
  private final Object[] values = new Object[AT_HAND];

  /** What is kept for a chunk; null for nothing. */
  @SuppressWarnings("unchecked")
  public T get(Ram chunk) {
    int at = (int) (chunk.base >>> SHIFT) & AT_HAND - 1;
    if (chunks[at] == chunk) {
      return (T) values[at];
    }
    T value = all.get(chunk);
    if (value != null) {
      chunks[at] = chunk;
      values[at] = value;
    }
    return value;
  }

  /** Keeps something for a chunk that had nothing. */
  public void put(Ram chunk, T value) {
    all.put(chunk, value);
  }

  /** What is kept, in no order. */
  public Collection<T> values() {
    return all.values();
  }

  /** Nothing is kept for any chunk. */
  public void clear() {
    all.clear();
    for (int i = 0; i < AT_HAND; i++) {
      chunks[i] = null;
      values[i] = null;
    }
  }
}
