// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Commands that were carried out and whose completion the driver has not seen yet, oldest first. They wait for their time, and
 * then for room in their completion queue, where none holds up those of another queue.
 */
final class NvmeCompletions {
  /** Most that wait of one submission queue; further commands stay in it. */
  static final int MOST = 64;
  private static final int ALL = SubmissionQueues.QUEUES * MOST + AsyncEvents.REQUESTS;

  private final SubmissionQueues submissions;
  private final CompletionQueues queues;
  private final int[] queue;
  /** Status 31:16, identifier 15:0. */
  private final int[] outcome;
  private final int[] result;
  private final long[] due;
  private final int[] ofQueue;
  private final LongCell count;

  NvmeCompletions(DeviceState state, SubmissionQueues submissions, CompletionQueues queues) {
    this.submissions = submissions;
    this.queues = queues;
    queue = state.ints("done-queue", ALL);
    outcome = state.ints("done-outcome", ALL);
    result = state.ints("done-result", ALL);
    due = state.longs("done-due", ALL);
    ofQueue = state.ints("done-of-queue", SubmissionQueues.QUEUES);
    count = state.cell("done-count", 0);
  }

  /** Whether no further command of a submission queue may be carried out now. */
  boolean isFull(int of) {
    return ofQueue[of] >= MOST;
  }

  /** @param ns when the driver is to see it; not before those that were added before */
  void add(int of, int id, Status status, int newResult, long ns) {
    int at = (int) count.value++;
    queue[at] = of;
    outcome[at] = id | status.field << 16;
    result[at] = newResult;
    due[at] = ns;
    ofQueue[of]++;
  }

  /**
   * Posts what is due and has room.
   *
   * @return the completion queues that have got entries, as bits
   * @throws org.xenolith.machine.api.ExternalAbort if a queue isn't in memory
   */
  int deliver(long now) {
    int told = 0;
    int kept = 0;
    for (int i = 0; i < count.value; i++) {
      int to = submissions.completion(queue[i]);
      if (due[i] > now || queues.isFull(to)) {
        move(i, kept++);
      } else {
        queues.post(to, result[i], queue[i] << 16 | submissions.head(queue[i]), outcome[i] & 0xFFFF, outcome[i] >>> 16);
        ofQueue[queue[i]]--;
        told |= 1 << to;
      }
    }
    count.value = kept;
    return told;
  }

  private void move(int from, int to) {
    queue[to] = queue[from];
    outcome[to] = outcome[from];
    result[to] = result[from];
    due[to] = due[from];
  }

  /** When the next one is due that has room in its queue; {@link Long#MAX_VALUE} if there is none. */
  long next() {
    for (int i = 0; i < count.value; i++) {
      if (!queues.isFull(submissions.completion(queue[i]))) {
        return due[i];
      }
    }
    return Long.MAX_VALUE;
  }

  /** Forgets those of a submission queue, which is deleted: they count as completed (NVM Express 1.4, 5.6). */
  void drop(int of) {
    int kept = 0;
    for (int i = 0; i < count.value; i++) {
      if (queue[i] != of) {
        move(i, kept++);
      }
    }
    count.value = kept;
    ofQueue[of] = 0;
  }

  void clear() {
    count.value = 0;
    Arrays.fill(ofQueue, 0);
  }
}
