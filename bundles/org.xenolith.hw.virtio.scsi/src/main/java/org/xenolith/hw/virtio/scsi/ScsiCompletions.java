// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Commands that were carried out, of any queue, and whose completion the driver has not seen yet, oldest first. */
final class ScsiCompletions {
  /** As many as one queue has entries. */
  static final int MOST = 256;

  private final int[] queue;
  private final int[] head;
  private final int[] written;
  private final long[] due;
  private final LongCell first;
  private final LongCell count;

  ScsiCompletions(DeviceState state) {
    queue = state.ints("completion-queue", MOST);
    head = state.ints("completion-head", MOST);
    written = state.ints("completion-written", MOST);
    due = state.longs("completion-due", MOST);
    first = state.cell("completion-first", 0);
    count = state.cell("completion-count", 0);
  }

  boolean isFull() { return count.value == MOST; }

  boolean isEmpty() { return count.value == 0; }

  void add(int newQueue, int newHead, int newWritten, long ns) {
    int at = (int) (first.value + count.value) & MOST - 1;
    queue[at] = newQueue;
    head[at] = newHead;
    written[at] = newWritten;
    due[at] = ns;
    count.value++;
  }

  private int oldest() {
    return (int) first.value & MOST - 1;
  }

  /** When the oldest is to be seen; there must be one. */
  long due() {
    return due[oldest()];
  }

  int queue() {
    return queue[oldest()];
  }

  int head() {
    return head[oldest()];
  }

  int written() {
    return written[oldest()];
  }

  void drop() {
    first.value = first.value + 1 & MOST - 1;
    count.value--;
  }

  void clear() {
    first.value = 0;
    count.value = 0;
  }
}
