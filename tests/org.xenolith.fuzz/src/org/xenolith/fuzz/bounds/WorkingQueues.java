// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** A virtio function behind MMIO: chains of up to 1,024 buffers of any length in all entries of its queues. */
abstract class WorkingQueues extends WorkingDevice {
  /** What descriptors cost at once, in any device: 16,384 and those of a chain, which are read in four pieces. */
  static final long DESCRIPTORS = 4L * (16_384 + 2 * 1024) + 4096;
  private static final int SIZE = 256;
  private static final long TABLE = 0x1000;
  private static final long INDIRECT = 0x2_0000;
  /** Where the first buffer of a chain is, of which a function learns what is wanted, and the last. */
  private static final long HEADER = 0xF000;
  private static final long LAST = 0xF200;

  private final int first;
  private final int queues;
  private int size = SIZE;
  private int next;

  /**
   * One whose disks and the like a subclass attaches before {@link #start}.
   *
   * @param most   units of work at once, beside descriptors
   * @param first  the first queue that is used
   * @param queues how many there are
   */
  WorkingQueues(String name, long most, int first, int queues) {
    super(name, most + DESCRIPTORS);
    this.first = first;
    this.queues = queues;
    context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200).interrupt("/intc", 0,
        16, 1).build());
  }

  /** Makes transport and function, and does what a driver does. @param component class name behind org.xenolith.hw.virtio */
  final void start(String component) {
    make(context, "hw.virtio.mmio.VirtioMmioComponent");
    make(context.sibling(":function"), "hw.virtio." + component);
    for (int each : new int[] {0, 1, 3}) {
      context.write(0x70, each);
    }
    for (int half = 0; half < 2; half++) {
      context.write(0x14, half);
      context.write(0x24, half);
      context.write(0x20, context.read(0x10));
    }
    context.write(0x70, 0xB);
    for (int queue = 0; queue < queues; queue++) {
      context.write(0x30, queue);
      size = (int) Math.min(SIZE, context.read(0x34));
      context.write(0x38, size);
      context.write(0x80, table(queue));
      context.write(0x90, table(queue) + 0x1000);
      context.write(0xA0, table(queue) + 0x2000);
      context.write(0x44, 1);
    }
    context.write(0x70, 0xF);
  }

  private static long table(int queue) {
    return TABLE + 0x4000L * queue;
  }

  /** Writes what the first buffer of each chain has. @return its length */
  abstract int header(long at, InputBytes input);

  /** Bytes that the device may write at the end of each chain. */
  int trailer() {
    return 1;
  }

  @Override
  final void step(InputBytes input) {
    int kind = input.next();
    if ((kind & 7) == 7) {
      any(input);
      return;
    }
    int queue = first + (kind & 7) % (queues - first);
    int buffers = 1 + (kind >> 3);
    int header = header(HEADER, input);
    boolean write = (input.next() & 1) != 0;
    // An indirect table of 1,024 buffers, of which an input says the first.
    long length = length(input);
    int count = Math.min(1024, buffers * buffers);
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      describe(INDIRECT, i, i == 0 ? HEADER : last ? LAST : 0x10_0000L * i, i == 0 ? header : last ? trailer() : length, (last ? 0 : 1)
          | (i > 0 && (write || last) ? 2 : 0), i + 1);
    }
    describe(table(queue), 0, INDIRECT, 16L * count, 4, 0);
    int chains = 1 + input.next() % size;
    for (int i = 0; i < chains; i++) {
      memory.put(table(queue) + 0x1000 + 4 + 2 * (next++ % size), 2, 0);
    }
    memory.put(table(queue) + 0x1000 + 2, 2, next);
    context.write(0x50, queue);
  }

  private void describe(long table, int index, long address, long length, int flags, int following) {
    memory.put(table + 16L * index, 8, address);
    memory.put(table + 16L * index + 8, 4, length);
    memory.put(table + 16L * index + 12, 2, flags);
    memory.put(table + 16L * index + 14, 2, following);
  }
}
