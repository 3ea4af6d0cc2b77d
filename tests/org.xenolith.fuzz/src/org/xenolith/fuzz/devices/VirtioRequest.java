// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import static org.xenolith.fuzz.devices.VirtioQueues.INDIRECT_FLAG;
import static org.xenolith.fuzz.devices.VirtioQueues.NEXT;
import static org.xenolith.fuzz.devices.VirtioQueues.USED_ENTRIES;
import static org.xenolith.fuzz.devices.VirtioQueues.WRITE;

import org.xenolith.fuzz.InputBytes;

/** A request to a virtio device as its driver makes it, with one thing or another that is the input's. */
final class VirtioRequest {
  private static final int BLOCK = 2;
  private static final int ENTROPY = 4;
  /** Broadcast, and a sender. */
  private static final long[] ADDRESSES = {-1, 0x0202_0202_FFFFL};

  private VirtioRequest() {}

  /**
   * Makes one.
   *
   * @param number of requests to this device before, which says where in the rings it is
   * @param more   bit 0: indirect; 1: not notified; 2: with more buffers than most; 3: a value of the input's as an address
   */
  static void make(VirtioQueues device, Script script, InputBytes input, int number, int more, long[] known) {
    int queue = device.queues() - 1;
    int type = input.next();
    long sector = input.next();
    int length = (input.next() & 31) << 7;
    int most = Math.min(USED_ENTRIES, device.entries(queue));
    int base = number * 3 % most;
    long header = device.buffers() + (number & 7) * 0x40L;
    long buffer = (more & 8) != 0 ? Values.next(input, known) : device.buffers() + 0x400 + (number & 3) * 0x100L;
    switch (device.id()) {
      case BLOCK -> {
        script.store8(header, type);
        script.store8(header + 8, sector);
        boolean in = (type & 1) == 0;
        int second = (base + 1) % most;
        int third = (base + 2) % most;
        if ((more & 1) == 0) {
          device.describe(script, queue, base, header, 16, NEXT, second);
          device.describe(script, queue, second, buffer, length, NEXT | (in ? WRITE : 0), third);
          device.describe(script, queue, third, header + 0x20, 1 + (more >> 2 & 1) * 15, WRITE, 0);
        } else {
          long table = device.indirect((number & 7) * 8);
          script.store8(table, header);
          script.store8(table + 8, 16 | (long) NEXT << 32 | 1L << 48);
          script.store8(table + 16, buffer);
          script.store8(table + 24, length | (NEXT | (in ? 2L : 0)) << 32 | 2L << 48);
          script.store8(table + 32, header + 0x20);
          script.store8(table + 40, 1 | (long) WRITE << 32);
          device.describe(script, queue, base, table, 48 + (more >> 2 & 1) * 16, INDIRECT_FLAG, 0);
        }
      }
      case ENTROPY -> device.describe(script, queue, base, buffer, length + type, (more & 1) == 0 ? WRITE : 0, 0);
      default -> {
        // A frame for everybody, or what a console prints.
        int before = device.frameHeader();
        script.store8(header, 0);
        script.store8(header + 8, ADDRESSES[0] << 8 * (before - 8));
        script.store8(header + 16, ADDRESSES[1] >>> 8 * (12 - before));
        device.describe(script, queue, base, header, before + 14, NEXT, (base + 1) % most);
        device.describe(script, queue, (base + 1) % most, buffer, length + type, 0, 0);
      }
    }
    script.store(device.available(queue) + 4 + 2L * (number & device.entries(queue) - 1), 2, base);
    script.store(device.available(queue) + 2, 2, number + 1);
    if ((more & 2) == 0) {
      device.notify(script, queue, 0);
    }
  }
}
