// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.InterruptStates.SPURIOUS;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** The pending LPIs of one redistributor, each with its configuration as it was read last. */
final class PendingLpis {
  /** The first LPI. */
  static final int FIRST = 8192;
  /** One behind the last LPI: interrupt numbers have 16 bits. */
  static final int END = 1 << 16;
  private static final int ENABLED = 1;
  private static final int PRIORITY = 0xFC;

  private final long[] pending = new long[END / 64];
  private final byte[] configuration = new byte[END];
  private int highest = SPURIOUS;
  /** Whether {@link #highest} is to be searched again: put off, so that a change of all of them searches once. */
  private boolean stale;

  boolean contains(int id) {
    return (pending[id >> 6] >>> id & 1) != 0;
  }

  /** Makes an LPI pending with that configuration, or gives one that is pending another. */
  void put(int id, int newConfiguration) {
    pending[id >> 6] |= 1L << id;
    configuration[id] = (byte) newConfiguration;
    if (id == highest) {
      stale = true;
    } else if (!stale && goesBefore(id, highest)) {
      highest = id;
    }
  }

  void remove(int id) {
    pending[id >> 6] &= ~(1L << id);
    stale |= id == highest;
  }

  void clear() {
    Arrays.fill(pending, 0);
    highest = SPURIOUS;
    stale = false;
  }

  /** Of the enabled ones that of the highest priority, of equals the lowest number; {@link InterruptStates#SPURIOUS} without one. */
  int highest() {
    if (stale) {
      highest = search();
      stale = false;
    }
    return highest;
  }

  /** Priority of a pending LPI, 0 to 0xFC. */
  int priority(int id) {
    return configuration[id] & PRIORITY;
  }

  /** The configuration byte of a pending LPI as it was read last. */
  int configuration(int id) {
    return configuration[id] & 0xFF;
  }

  /** Visits all in ascending order; the visitor may change or remove the one it is given. */
  void forEach(IntConsumer visitor) {
    for (int word = FIRST / 64; word < pending.length; word++) {
      for (long left = pending[word]; left != 0; left &= left - 1) {
        visitor.accept(word * 64 + Long.numberOfTrailingZeros(left));
      }
    }
  }

  int size() {
    int size = 0;
    for (long word : pending) {
      size += Long.bitCount(word);
    }
    return size;
  }

  private boolean goesBefore(int id, int other) {
    return (configuration[id] & ENABLED) != 0
        && (other == SPURIOUS || priority(id) < priority(other) || priority(id) == priority(other) && id < other);
  }

  private int search() {
    int best = SPURIOUS;
    for (int word = FIRST / 64; word < pending.length; word++) {
      for (long left = pending[word]; left != 0; left &= left - 1) {
        int id = word * 64 + Long.numberOfTrailingZeros(left);
        if (goesBefore(id, best)) {
          best = id;
        }
      }
    }
    return best;
  }
}
