// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.TransportCore;
import org.xenolith.virtio.kit.TransportCore.Area;

/**
 * A driver that offers all that queues can hold, in front of a real transport without registers: in each entry a chain of
 * {@link Virtqueue#MAX_BUFFERS} empty buffers, all by the same indirect table. It counts the descriptors that are looked at.
 */
final class GreedyDriver implements TransportCore.Signals, DmaPort {
  private static final long INDIRECT_FEATURE = 1L << 28;
  private static final long TABLE = FakeMemory.BASE + 0x10_0000;
  private static final long BUFFER = FakeMemory.BASE + 0x20_0000;
  private static final int DESCRIPTOR = 16;
  private static final int QUEUE = 0x1_0000;
  private static final int MOST_ENTRIES = 1024;

  private final FakeContext context;
  private final DmaPort memory;
  private final DriverQueue[] queues;
  /** The transport. */
  final TransportCore core;
  /** Descriptors of the table that were looked at. */
  long looked;

  /** @param queues how many the function has */
  GreedyDriver(FakeContext context, int queues) {
    this.context = context;
    memory = context.dma();
    this.queues = new DriverQueue[queues];
    core = new TransportCore(context.sibling(":transport"), new DeviceState(), this, 0, this);
    core.status(3);
    core.accept(0, core.function().features() & 0xFFFF_FFFFL | INDIRECT_FEATURE);
    core.accept(1, 1);
    core.status(0xB);
    for (int q = 0; q < queues; q++) {
      int size = Math.min(core.maximum(q), MOST_ENTRIES);
      this.queues[q] = new DriverQueue(memory, FakeMemory.BASE + (long) q * QUEUE, size);
      core.size(q, size);
      place(q, Area.DESCRIPTOR, this.queues[q].descriptors);
      place(q, Area.DRIVER, this.queues[q].available);
      place(q, Area.DEVICE, this.queues[q].used);
      core.ready(q, true);
    }
    core.status(0xF);
  }

  private void place(int queue, Area area, long address) {
    core.address(queue, area, false, address);
    core.address(queue, area, true, address >>> 32);
  }

  /** Fills a queue. @return its chains */
  int fill(int queue) {
    DriverQueue filled = queues[queue];
    for (int i = 0; i < Virtqueue.MAX_BUFFERS; i++) {
      boolean last = i == Virtqueue.MAX_BUFFERS - 1;
      filled.describe(TABLE, i, BUFFER, 0, last ? 0 : DriverQueue.NEXT, last ? 0 : i + 1);
    }
    for (int i = 0; i < filled.size; i++) {
      filled.describe(i, TABLE, Virtqueue.MAX_BUFFERS * DESCRIPTOR, DriverQueue.INDIRECT, 0).offer(i);
    }
    return filled.size;
  }

  /** Whether an alarm is armed. */
  boolean waits() {
    return context.clock().nextDeadline() != Long.MAX_VALUE;
  }

  // ---- Memory, with a look at who reads the table

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    looked += address >= TABLE && address < TABLE + QUEUE ? (length + DESCRIPTOR - 1) / DESCRIPTOR : 0;
    memory.read(address, into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    memory.write(address, from, offset, length);
  }

  @Override
  public long read(long address, int size) {
    looked += address >= TABLE && address < TABLE + QUEUE && address % DESCRIPTOR == 0 ? 1 : 0;
    return memory.read(address, size);
  }

  @Override
  public void write(long address, int size, long value) {
    memory.write(address, size, value);
  }

  // ---- Signals

  @Override
  public void usedBuffer(int index) {}

  @Override
  public void configChange() {}

  @Override
  public void deviceReset() {}
}
