// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.Arrays;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.regs.DeviceState;

/** The submission queues as the driver made them; number 0 is the admin queue (NVM Express 1.4, 4.1). */
final class SubmissionQueues {
  /** The admin queue and 8 for I/O. */
  static final int QUEUES = 9;
  /** Most entries of an I/O queue. */
  static final int ENTRIES = 1024;

  private final DmaPort dma;
  private final long[] base;
  /** Entries; 0 if there is no such queue. */
  private final int[] size;
  private final int[] head;
  private final int[] tail;
  private final int[] completion;

  SubmissionQueues(DeviceState state, DmaPort dma) {
    this.dma = dma;
    base = state.longs("submission-base", QUEUES);
    size = state.ints("submission-size", QUEUES);
    head = state.ints("submission-head", QUEUES);
    tail = state.ints("submission-tail", QUEUES);
    completion = state.ints("submission-completion", QUEUES);
  }

  /** @param to the completion queue that its commands complete to */
  void create(int queue, long address, int entries, int to) {
    base[queue] = address;
    size[queue] = entries;
    head[queue] = 0;
    tail[queue] = 0;
    completion[queue] = to;
  }

  void delete(int queue) {
    create(queue, 0, 0, 0);
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

  /** Whether an I/O queue exists. */
  boolean anyForIo() {
    return Arrays.stream(size, 1, QUEUES).anyMatch(s -> s != 0);
  }

  /** Whether a queue's commands complete to {@code to}. */
  boolean anyTo(int to) {
    for (int queue = 0; queue < QUEUES; queue++) {
      if (size[queue] != 0 && completion[queue] == to) {
        return true;
      }
    }
    return false;
  }

  /** Where a queue's commands complete to. */
  int completion(int queue) {
    return completion[queue];
  }

  /** The entry that is fetched next. */
  int head(int queue) {
    return head[queue];
  }

  /** The doorbell of a queue that exists: entries before {@code to} are commands. @return false if there is no such entry */
  boolean submit(int queue, int to) {
    if (to >= size[queue]) {
      return false;
    }
    tail[queue] = to;
    return true;
  }

  /** Whether a queue has a command to fetch. */
  boolean waits(int queue) {
    return head[queue] != tail[queue];
  }

  /** Fetches a command. @throws org.xenolith.machine.api.ExternalAbort if the queue isn't in memory */
  void fetch(int queue, NvmeCommand command) {
    dma.read(base[queue] + (long) NvmeCommand.SIZE * head[queue], command.bytes, 0, NvmeCommand.SIZE);
    head[queue] = head[queue] + 1 == size[queue] ? 0 : head[queue] + 1;
  }
}
