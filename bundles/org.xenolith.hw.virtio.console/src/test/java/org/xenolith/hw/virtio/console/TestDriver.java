package org.xenolith.hw.virtio.console;

import java.nio.charset.StandardCharsets;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.virtio.api.TransportCore;
import org.xenolith.virtio.api.TransportCore.Area;

/** A guest's driver in front of a real transport without registers. */
final class TestDriver implements TransportCore.Signals {
  static final int SIZE = 8;
  private static final long QUEUES = FakeMemory.BASE;
  private static final long BUFFERS = FakeMemory.BASE + 0x10_0000;
  private static final int BUFFER = 0x1000;
  private static final long VERSION_1 = 1L << 32;

  final FakeContext context;
  final TransportCore core;
  final DriverQueue[] queues = new DriverQueue[2];
  final int[] interrupts = new int[2];

  /** A driver at its transport, not started yet. */
  TestDriver(FakeContext context) {
    this.context = context;
    core = new TransportCore(context.sibling(":transport"), new DeviceState(), context.dma(), 0, this);
    renew();
  }

  /** Queues as a driver that starts has them: with nothing in them. */
  private void renew() {
    for (int q = 0; q < queues.length; q++) {
      context.dma().write(QUEUES + q * 0x1000L, new byte[0x1000], 0, 0x1000);
      queues[q] = new DriverQueue(context.dma(), QUEUES + q * 0x1000L, SIZE);
    }
  }

  /** Negotiates, sets the queues up and is ready. */
  TestDriver start() {
    negotiate();
    core.status(0xF);
    return this;
  }

  void negotiate() {
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

  void place(int q, Area area, long address) {
    core.address(q, area, false, address);
    core.address(q, area, true, address >>> 32);
  }

  static long buffer(int q, int index) {
    return BUFFERS + (long) (q * SIZE + index) * BUFFER;
  }

  /** Gives a buffer to receive into, and says so. */
  void give(int index, int length) {
    queues[VirtioConsole.RECEIVE].describe(index, buffer(VirtioConsole.RECEIVE, index), length, DriverQueue.WRITE, 0).offer(index);
    core.notified(VirtioConsole.RECEIVE);
  }

  void send(int index, String text) {
    long at = buffer(VirtioConsole.TRANSMIT, index);
    context.dma().write(at, text.getBytes(StandardCharsets.UTF_8), 0, text.length());
    queues[VirtioConsole.TRANSMIT].describe(index, at, text.length(), 0, 0).offer(index);
    core.notified(VirtioConsole.TRANSMIT);
  }

  /** What was received into a buffer. */
  String received(int index, int length) {
    byte[] bytes = new byte[length];
    context.dma().read(buffer(VirtioConsole.RECEIVE, index), bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override public void usedBuffer(int index) {
    interrupts[index]++;
  }

  @Override public void configChange() { }

  @Override public void deviceReset() { }
}
