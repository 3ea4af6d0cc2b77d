// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.virtio.kit.TransportCore;
import org.xenolith.virtio.kit.TransportCore.Area;

/** A guest's driver of a virtio function, in front of a real transport without registers, with one buffer for each descriptor. */
public final class FunctionDriver implements TransportCore.Signals {
  /** Entries of each queue. */
  public static final int SIZE = 8;
  /** Bytes of each buffer. */
  public static final int BUFFER = 0x1_0000;
  /** Where the buffers begin; the queues are in the memory before. */
  public static final long BUFFERS = FakeMemory.BASE + 0x10_0000;
  /** Device status (Virtual I/O Device 1.2, 2.1): the device met a queue that makes no sense. */
  public static final long NEEDS_RESET = 0x40;
  private static final long QUEUE = 0x1000;
  private static final long VERSION_1 = 1L << 32;

  private final FakeContext context;
  /** The transport. */
  public final TransportCore core;
  /** The driver's side of the queues; others after each {@link #negotiate}. */
  public final DriverQueue[] queues;
  /** Interrupts of each queue. */
  public final int[] interrupts;
  /** Interrupts for changes of the configuration. */
  public int changes;

  /**
   * A driver at its transport, not started yet.
   *
   * @param context the function's
   * @param queues  how many the function has, at most 16
   */
  public FunctionDriver(FakeContext context, int queues) {
    this.context = context;
    this.queues = new DriverQueue[queues];
    interrupts = new int[queues];
    core = new TransportCore(context.sibling(":transport"), new DeviceState(), context.dma(), 0, this);
    renew();
  }

  /** Queues as a driver that starts has them: with nothing in them. */
  private void renew() {
    for (int q = 0; q < queues.length; q++) {
      context.dma().write(FakeMemory.BASE + q * QUEUE, new byte[(int) QUEUE], 0, (int) QUEUE);
      queues[q] = new DriverQueue(context.dma(), FakeMemory.BASE + q * QUEUE, SIZE);
    }
  }

  /** Negotiates, sets the queues up and is ready. */
  public FunctionDriver start() {
    negotiate();
    core.status(0xF);
    return this;
  }

  /** Accepts all features and sets the queues up; what is missing to be ready is {@code core.status(0xF)}. */
  public void negotiate() {
    renew();
    core.status(3);
    core.accept(0, core.function().features() & 0xFFFF_FFFFL);
    core.accept(1, VERSION_1 >>> 32);
    core.status(0xB);
    for (int q = 0; q < queues.length; q++) {
      core.size(q, SIZE);
      place(q, Area.DESCRIPTOR, queues[q].descriptors);
      place(q, Area.DRIVER, queues[q].available);
      place(q, Area.DEVICE, queues[q].used);
      core.ready(q, true);
    }
  }

  /** Says where an area of a queue is. */
  public void place(int queue, Area area, long address) {
    core.address(queue, area, false, address);
    core.address(queue, area, true, address >>> 32);
  }

  /** Address of the buffer of a descriptor. */
  public static long buffer(int queue, int index) {
    return BUFFERS + (long) (queue * SIZE + index) * BUFFER;
  }

  /** Offers a buffer for the device to write, without notifying it. */
  public void give(int queue, int index, int length) {
    queues[queue].describe(index, buffer(queue, index), length, DriverQueue.WRITE, 0).offer(index);
  }

  /** Offers a buffer with bytes for the device to read, without notifying it. */
  public void put(int queue, int index, byte[] bytes) {
    context.dma().write(buffer(queue, index), bytes, 0, bytes.length);
    queues[queue].describe(index, buffer(queue, index), bytes.length, 0, 0).offer(index);
  }

  /** The first bytes of a buffer. */
  public byte[] bytes(int queue, int index, int length) {
    byte[] bytes = new byte[length];
    context.dma().read(buffer(queue, index), bytes, 0, length);
    return bytes;
  }

  @Override
  public void usedBuffer(int index) {
    interrupts[index]++;
  }

  @Override
  public void configChange() {
    changes++;
  }

  @Override
  public void deviceReset() {}
}
