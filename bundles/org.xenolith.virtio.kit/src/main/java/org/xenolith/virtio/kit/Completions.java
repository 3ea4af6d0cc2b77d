// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Requests that were carried out and whose completion the driver has not seen yet, oldest first. There is room for {@link #MOST}. */
public final class Completions {
  /** As many as a queue has entries. */
  public static final int MOST = 256;

  /** Null where all are of one queue, which is then no state. */
  private final int[] queue;
  private final int[] head;
  private final int[] written;
  private final long[] due;
  private final LongCell first;
  private final LongCell count;

  private Completions(DeviceState state, int @Nullable [] queue) {
    this.queue = queue;
    head = state.ints("completion-head", MOST);
    written = state.ints("completion-written", MOST);
    due = state.longs("completion-due", MOST);
    first = state.cell("completion-first", 0);
    count = state.cell("completion-count", 0);
  }

  /** Of a function whose requests come by queue 0 alone, declared in its state. */
  public static Completions ofOneQueue(DeviceState state) {
    return new Completions(state, null);
  }

  /** Of a function whose requests come by any queue. */
  public static Completions ofQueues(DeviceState state) {
    return new Completions(state, state.ints("completion-queue", MOST));
  }

  /** Whether nothing more can be added. */
  public boolean isFull() { return count.value == MOST; }

  /** Whether there is none: then nothing of the oldest may be asked. */
  public boolean isEmpty() { return count.value == 0; }

  /**
   * Adds one; there must be room.
   *
   * @param newQueue   index of its queue
   * @param newHead    index of its chain's first descriptor
   * @param newWritten bytes written into the chain
   * @param ns         virtual time when the driver is to see it
   */
  public void add(int newQueue, int newHead, int newWritten, long ns) {
    int at = (int) (first.value + count.value) & MOST - 1;
    if (queue != null) {
      queue[at] = newQueue;
    }
    head[at] = newHead;
    written[at] = newWritten;
    due[at] = ns;
    count.value++;
  }

  private int oldest() {
    return (int) first.value & MOST - 1;
  }

  /** Virtual time in nanoseconds when the oldest is to be seen. */
  public long due() {
    return due[oldest()];
  }

  /** Index of the oldest one's queue. */
  public int queue() {
    return queue == null ? 0 : queue[oldest()];
  }

  /** Index of the first descriptor of the oldest one's chain. */
  public int head() {
    return head[oldest()];
  }

  /** Bytes written into the oldest one's chain. */
  public int written() {
    return written[oldest()];
  }

  /** Drops the oldest. */
  public void drop() {
    first.value = first.value + 1 & MOST - 1;
    count.value--;
  }

  /** Drops all. */
  public void clear() {
    first.value = 0;
    count.value = 0;
  }
}
