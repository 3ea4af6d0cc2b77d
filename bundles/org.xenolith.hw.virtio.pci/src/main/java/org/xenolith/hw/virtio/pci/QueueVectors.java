// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.kit.TransportCore;

/** Which vector of MSI-X is for what (Virtual I/O Device 1.2, 4.1.5.1.2). */
final class QueueVectors {
  /** No vector. */
  static final int NONE = 0xFFFF;

  private final LongCell config;
  /** Of the queues, inverted: what isn't set is none. */
  private final int[] queue;

  QueueVectors(DeviceState state) {
    config = state.cell("config-vector", NONE);
    queue = state.ints("queue-vector", TransportCore.QUEUES);
  }

  private static long existing(long vector) {
    return vector < VirtioPci.VECTORS ? vector : NONE;
  }

  /** The vector of configuration changes, or {@link #NONE}. */
  int config() {
    return (int) config.value;
  }

  /** The driver chooses the vector of configuration changes; one that isn't there is none. */
  void config(long vector) {
    config.value = existing(vector);
  }

  /** The vector of a queue, or {@link #NONE}. */
  int queue(long index) {
    return index < TransportCore.QUEUES ? queue[(int) index] ^ NONE : NONE;
  }

  /** The driver chooses the vector of a queue; one that isn't there is none. */
  void queue(long index, long vector) {
    if (index < TransportCore.QUEUES) {
      queue[(int) index] = (int) existing(vector) ^ NONE;
    }
  }

  /** There are none, as after a reset. */
  void clear() {
    config.value = NONE;
    Arrays.fill(queue, 0);
  }
}
