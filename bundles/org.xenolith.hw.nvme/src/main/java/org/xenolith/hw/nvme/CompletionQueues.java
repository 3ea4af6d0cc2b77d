// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.regs.DeviceState;

/** The completion queues as the driver made them; number 0 is the admin queue (NVM Express 1.4, 4.1 and 4.6). */
final class CompletionQueues {
  private static final int QUEUES = SubmissionQueues.QUEUES;
  private static final int ENTRY = 16;

  private final DmaPort dma;
  private final ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
  private final long[] base;
  /** Entries; 0 if there is no such queue. */
  private final int[] size;
  private final int[] head;
  private final int[] tail;
  /** The phase tag of the next entry. */
  private final int[] phase;
  private final int[] vector;
  private final int[] interrupts;

  CompletionQueues(DeviceState state, DmaPort dma) {
    this.dma = dma;
    base = state.longs("completion-base", QUEUES);
    size = state.ints("completion-size", QUEUES);
    head = state.ints("completion-head", QUEUES);
    tail = state.ints("completion-tail", QUEUES);
    phase = state.ints("completion-phase", QUEUES);
    vector = state.ints("completion-vector", QUEUES);
    interrupts = state.ints("completion-interrupts", QUEUES);
  }

  void create(int queue, long address, int entries, int newVector, boolean withInterrupts) {
    base[queue] = address;
    size[queue] = entries;
    head[queue] = 0;
    tail[queue] = 0;
    phase[queue] = 1;
    vector[queue] = newVector;
    interrupts[queue] = withInterrupts ? 1 : 0;
  }

  void delete(int queue) {
    create(queue, 0, 0, 0, false);
  }

  void clear() {
    for (int queue = 0; queue < QUEUES; queue++) {
      delete(queue);
    }
  }

  boolean exists(int queue) {
    return queue >= 0 && queue < QUEUES && size[queue] != 0;
  }

  /** Where a queue is. */
  long base(int queue) {
    return base[queue];
  }

  /** Its entries; 0 if there is no such queue. */
  int size(int queue) {
    return size[queue];
  }

  boolean isFull(int queue) {
    return after(queue, tail[queue]) == head[queue];
  }

  private int after(int queue, int entry) {
    return entry + 1 == size[queue] ? 0 : entry + 1;
  }

  /** The doorbell of a queue that exists: entries before {@code to} were seen. @return false if it can't have seen so many */
  boolean consume(int queue, int to) {
    if (to >= size[queue] || distance(queue, to) > distance(queue, tail[queue])) {
      return false;
    }
    head[queue] = to;
    return true;
  }

  private int distance(int queue, int to) {
    return to >= head[queue] ? to - head[queue] : to + size[queue] - head[queue];
  }

  /**
   * Puts an entry into a queue that isn't full.
   *
   * @param source submission queue 31:16 and its head 15:0
   * @param status as in {@link Status#field}
   * @throws org.xenolith.machine.api.ExternalAbort if the queue isn't in memory
   */
  void post(int queue, int result, int source, int id, int status) {
    entry.putInt(0, result);
    entry.putInt(8, source);
    entry.putInt(12, id | (status << 1 | phase[queue]) << 16);
    dma.write(base[queue] + (long) ENTRY * tail[queue], entry.array(), 0, ENTRY);
    tail[queue] = after(queue, tail[queue]);
    if (tail[queue] == 0) {
      phase[queue] ^= 1;
    }
  }

  /** Whether a queue interrupts at all. */
  boolean interrupts(int queue) {
    return interrupts[queue] != 0;
  }

  int vector(int queue) {
    return vector[queue];
  }

  /** The vectors of queues with entries that the driver hasn't seen, as bits. */
  long pending() {
    long vectors = 0;
    for (int queue = 0; queue < QUEUES; queue++) {
      if (interrupts[queue] != 0 && head[queue] != tail[queue]) {
        vectors |= 1L << vector[queue];
      }
    }
    return vectors;
  }
}
