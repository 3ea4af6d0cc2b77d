// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.virtio.api.Virtqueue;

/**
 * The device side of one split virtqueue (Virtual I/O Device 1.2, 2.7), with indirect descriptors and event indexes. All it
 * remembers is in {@link QueueStates}; everything a driver can write is checked, and what is malformed breaks the queue.
 */
final class SplitQueue implements Virtqueue {
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;
  private static final int DESCRIPTOR = 16;
  private static final int NO_INTERRUPT = 1;
  private static final int INDEXES = 0xFFFF;

  private final QueueStates states;
  private final int index;
  private final DmaPort dma;
  private final DescriptorBudget budget;
  private final Runnable broken;
  /** Made when the first one is taken: few of the queues that a transport may have are ever used. */
  private DescriptorChain chain;

  /**
   * @param budget what the queues of the device share
   * @param broken runs when the driver's structures make no sense
   */
  SplitQueue(QueueStates states, int index, DmaPort dma, DescriptorBudget budget, Runnable broken) {
    this.states = states;
    this.index = index;
    this.dma = dma;
    this.budget = budget;
    this.broken = broken;
  }

  @Override
  public @Nullable Chain next() {
    if (states.ready[index] == 0) {
      return null;
    }
    try {
      int size = states.size[index];
      int taken = states.nextAvailable[index];
      int waiting = (int) dma.read(states.driver[index] + 2, 2) - taken & INDEXES;
      if (waiting == 0) {
        if (states.eventIndexes()) {
          // avail_event: notify at the very next buffer.
          dma.write(states.device[index] + 4 + 8L * size, 2, taken);
        }
        return null;
      }
      if (waiting > size) {
        return fail();
      }
      if (!budget.allows(index)) {
        return null;
      }
      int head = (int) dma.read(states.driver[index] + 4 + 2L * (taken & size - 1), 2);
      if (head >= size || !walk(head)) {
        return fail();
      }
      states.nextAvailable[index] = taken + 1 & INDEXES;
      return chain;
    } catch (ExternalAbort abort) {
      return fail();
    }
  }

  @Override
  public int available() {
    if (states.ready[index] == 0) {
      return Integer.MAX_VALUE;
    }
    try {
      return (int) dma.read(states.driver[index] + 2, 2) - states.nextAvailable[index] & INDEXES;
    } catch (ExternalAbort abort) {
      fail();
      return Integer.MAX_VALUE;
    }
  }

  @Override
  public int size() {
    return states.size[index];
  }

  @Override
  public @Nullable Chain again(int head) {
    if (states.ready[index] == 0) {
      return null;
    }
    try {
      return head >= 0 && head < states.size[index] && walk(head) ? chain : fail();
    } catch (ExternalAbort abort) {
      return fail();
    }
  }

  private @Nullable Chain fail() {
    states.ready[index] = 0;
    broken.run();
    return null;
  }

  /** Collects a chain; false if it is malformed. */
  private boolean walk(int head) {
    if (chain == null) {
      chain = new DescriptorChain();
    }
    boolean whole = collect(head);
    budget.spend(chain.count() + 1);
    return whole;
  }

  private boolean collect(int head) {
    chain.begin(head);
    long table = states.descriptors[index];
    int entries = states.size[index];
    boolean indirect = false;
    int at = head;
    // A chain never has more descriptors than its table: a longer walk is a loop.
    for (int steps = 0; steps < entries; steps++) {
      long descriptor = table + (long) DESCRIPTOR * at;
      long address = dma.read(descriptor, 8);
      long length = dma.read(descriptor + 8, 4);
      int flags = (int) dma.read(descriptor + 12, 2);
      int next = (int) dma.read(descriptor + 14, 2);
      if ((flags & INDIRECT) != 0) {
        boolean allowed = !indirect && (flags & (NEXT | WRITE)) == 0 && states.indirect();
        if (!allowed || length == 0 || length % DESCRIPTOR != 0 || length / DESCRIPTOR > MAX_BUFFERS) {
          return false;
        }
        indirect = true;
        table = address;
        entries = (int) length / DESCRIPTOR;
        at = 0;
        steps = -1;
        continue;
      }
      if (!chain.add(address, length, (flags & WRITE) != 0)) {
        return false;
      }
      if ((flags & NEXT) == 0) {
        return true;
      }
      if (next >= entries) {
        return false;
      }
      at = next;
    }
    return false;
  }

  @Override
  public void used(int head, int written) {
    if (states.ready[index] == 0) {
      return;
    }
    try {
      int size = states.size[index];
      int used = states.nextUsed[index];
      long element = states.device[index] + 4 + 8L * (used & size - 1);
      dma.write(element, 4, head);
      dma.write(element + 4, 4, written);
      states.nextUsed[index] = used + 1 & INDEXES;
      dma.write(states.device[index] + 2, 2, states.nextUsed[index]);
    } catch (ExternalAbort abort) {
      fail();
    }
  }

  /** Whether the driver wants to hear of the buffers used since it was last told; it counts as told afterwards. */
  boolean wantsInterrupt() {
    if (states.ready[index] == 0) {
      return false;
    }
    try {
      int used = states.nextUsed[index];
      int told = states.notifiedUsed[index];
      states.notifiedUsed[index] = used;
      if (!states.eventIndexes()) {
        return ((int) dma.read(states.driver[index], 2) & NO_INTERRUPT) == 0;
      }
      int event = (int) dma.read(states.driver[index] + 4 + 2L * states.size[index], 2);
      // 2.7.7.2: the event index lies among the buffers used since.
      return (used - event - 1 & INDEXES) < (used - told & INDEXES);
    } catch (ExternalAbort abort) {
      fail();
      return false;
    }
  }
}
