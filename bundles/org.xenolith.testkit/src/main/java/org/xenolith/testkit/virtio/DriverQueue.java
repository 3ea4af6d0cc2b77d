// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import org.xenolith.machine.api.DmaPort;

/** The driver's side of a split virtqueue in memory (Virtual I/O Device 1.2, 2.7). */
public final class DriverQueue {
  /** Flag of a descriptor: another one follows. */
  public static final int NEXT = 1;
  /** Flag of a descriptor: the device writes it. */
  public static final int WRITE = 2;
  /** Flag of a descriptor: it leads to a table of them. */
  public static final int INDIRECT = 4;

  private final DmaPort memory;
  /** Entries. */
  public final int size;
  /** Address of the descriptor table. */
  public final long descriptors;
  /** Address of the available ring. */
  public final long available;
  /** Address of the used ring. */
  public final long used;
  private int nextAvailable;

  /** A queue of {@code size} entries whose areas are one behind the other from {@code base}. */
  public DriverQueue(DmaPort memory, long base, int size) {
    this.memory = memory;
    this.size = size;
    descriptors = base;
    available = base + 16L * size;
    used = available + 6 + 2L * size + 3 & ~3L;
  }

  /** Fills an entry of a table, such as an indirect one. */
  public DriverQueue describe(long table, int index, long address, int length, int flags, int next) {
    memory.write(table + 16L * index, 8, address);
    memory.write(table + 16L * index + 8, 4, length);
    memory.write(table + 16L * index + 12, 2, flags);
    memory.write(table + 16L * index + 14, 2, next);
    return this;
  }

  /** Fills an entry of the descriptor table. */
  public DriverQueue describe(int index, long address, int length, int flags, int next) {
    return describe(descriptors, index, address, length, flags, next);
  }

  /** Makes the chain that starts at {@code head} available. */
  public void offer(int head) {
    memory.write(available + 4 + 2L * (nextAvailable % size), 2, head);
    nextAvailable++;
    memory.write(available + 2, 2, nextAvailable & 0xFFFF);
  }

  /** Sets the flags of the available ring. */
  public void flags(int value) {
    memory.write(available, 2, value);
  }

  /** Asks for an interrupt when the used ring gets to {@code index}. */
  public void usedEvent(int index) {
    memory.write(available + 4 + 2L * size, 2, index);
  }

  /** How many chains were used. */
  public int usedIndex() {
    return (int) memory.read(used + 2, 2);
  }

  /** The head of a used chain. */
  public long usedHead(int index) {
    return memory.read(used + 4 + 8L * (index % size), 4);
  }

  /** What was written into a used chain, in bytes. */
  public long usedLength(int index) {
    return memory.read(used + 8 + 8L * (index % size), 4);
  }

  /** When the device wants to be notified. */
  public int availableEvent() {
    return (int) memory.read(used + 4 + 8L * size, 2);
  }
}
