// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What the transport remembers of its queues. */
final class QueueStates {
  /** Most queues of a function. */
  static final int QUEUES = 8;
  private static final long INDIRECT_DESC = 1L << 28;
  private static final long EVENT_IDX = 1L << 29;

  /** Features that the driver accepted. */
  final LongCell features;
  /** Entries, a power of two; 0 before the driver chose. */
  final int[] size;
  /** Whether the device may use it. */
  final int[] ready;
  /** Address of the descriptor table. */
  final long[] descriptors;
  /** Address of the available ring. */
  final long[] driver;
  /** Address of the used ring. */
  final long[] device;
  /** Next entry of the available ring, modulo 2¹⁶. */
  final int[] nextAvailable;
  /** Next entry of the used ring, modulo 2¹⁶. */
  final int[] nextUsed;
  /** {@link #nextUsed} when the driver was last told. */
  final int[] notifiedUsed;

  QueueStates(DeviceState state) {
    features = state.cell("driver-features", 0);
    size = state.ints("queue-size", QUEUES);
    ready = state.ints("queue-ready", QUEUES);
    descriptors = state.longs("queue-descriptors", QUEUES);
    driver = state.longs("queue-driver", QUEUES);
    device = state.longs("queue-device", QUEUES);
    nextAvailable = state.ints("queue-next-available", QUEUES);
    nextUsed = state.ints("queue-next-used", QUEUES);
    notifiedUsed = state.ints("queue-told-used", QUEUES);
  }

  boolean indirect() {
    return (features.value & INDIRECT_DESC) != 0;
  }

  boolean eventIndexes() {
    return (features.value & EVENT_IDX) != 0;
  }

  /** Whether queue {@code q} can be used as the driver set it up (2.7: sizes and alignments). */
  boolean wellFormed(int q, int maximum) {
    return size[q] >= 1 && size[q] <= maximum && Integer.bitCount(size[q]) == 1
        && (descriptors[q] & 15) == 0 && (driver[q] & 1) == 0 && (device[q] & 3) == 0;
  }

  /** Forgets one queue's progress. */
  void restart(int q) {
    nextAvailable[q] = 0;
    nextUsed[q] = 0;
    notifiedUsed[q] = 0;
  }

  /** Forgets everything, as a device reset does. */
  void clear() {
    features.value = 0;
    for (int q = 0; q < QUEUES; q++) {
      size[q] = 0;
      ready[q] = 0;
      descriptors[q] = 0;
      driver[q] = 0;
      device[q] = 0;
      restart(q);
    }
  }
}
