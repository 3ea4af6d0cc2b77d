package org.xenolith.hw.virtio.mmio;

import org.xenolith.machine.api.DmaPort;

/** The driver's side of a split virtqueue in memory, for tests. */
final class DriverQueue {
  static final int NEXT = 1;
  static final int WRITE = 2;
  static final int INDIRECT = 4;

  final DmaPort memory;
  final int size;
  final long descriptors;
  final long available;
  final long used;
  private int nextAvailable;

  DriverQueue(DmaPort memory, long base, int size) {
    this.memory = memory;
    this.size = size;
    descriptors = base;
    available = base + 16L * size;
    used = available + 6 + 2L * size + 3 & ~3L;
  }

  DriverQueue describe(long table, int index, long address, int length, int flags, int next) {
    memory.write(table + 16L * index, 8, address);
    memory.write(table + 16L * index + 8, 4, length);
    memory.write(table + 16L * index + 12, 2, flags);
    memory.write(table + 16L * index + 14, 2, next);
    return this;
  }

  DriverQueue describe(int index, long address, int length, int flags, int next) {
    return describe(descriptors, index, address, length, flags, next);
  }

  void offer(int head) {
    memory.write(available + 4 + 2L * (nextAvailable % size), 2, head);
    nextAvailable++;
    memory.write(available + 2, 2, nextAvailable & 0xFFFF);
  }

  void flags(int value) {
    memory.write(available, 2, value);
  }

  void usedEvent(int index) {
    memory.write(available + 4 + 2L * size, 2, index);
  }

  int usedIndex() {
    return (int) memory.read(used + 2, 2);
  }

  long usedHead(int index) {
    return memory.read(used + 4 + 8L * (index % size), 4);
  }

  long usedLength(int index) {
    return memory.read(used + 8 + 8L * (index % size), 4);
  }

  int availableEvent() {
    return (int) memory.read(used + 4 + 8L * size, 2);
  }
}
