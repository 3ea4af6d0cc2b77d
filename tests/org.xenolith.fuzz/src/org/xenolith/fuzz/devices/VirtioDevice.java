// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/**
 * What a guest does to one virtio device (Virtual I/O Device 1.2): behind virtio-mmio (4.2) or virtio-pci (4.1).
 *
 * @param registers of virtio-mmio, or BAR 0
 * @param card      number of the PCI device; 0 for virtio-mmio
 * @param id        kind of device: 1 network, 2 block, 3 console
 * @param area      memory for its queues and buffers, 16 KiB
 */
record VirtioDevice(long registers, int card, int id, long area) {
  static final int AREA = 0x4000;
  static final int ENTRIES = 16;
  private static final int QUEUE = 0x1000;
  private static final int AVAILABLE = 0x400;
  private static final int USED = 0x800;
  private static final int INDIRECT = 0xC00;
  private static final int BUFFERS = 0x2000;
  private static final int MSIX_TABLE = 0x4000;
  private static final long RING_FEATURES = 1L << 32 | 1L << 28;
  private static final long EVENT_INDEXES = 1L << 29;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT_FLAG = 4;
  private static final int[] MMIO = {0x70, 0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x64, 0x80, 0x84, 0x90, 0x94, 0xA0, 0xA4, 0x100, 0x10,
      0x34, 0x60, 0xFC, 0x104, 0x108, 0x10C, 0, 4, 8, 0xC, 0x40, 0x1FC, 0x13C};
  private static final int[] PCI = {20, 0, 4, 8, 12, 16, 18, 21, 22, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 0x3000, 0x3004, 0x1000,
      0x2000, 0x2008, 0x4000, 0x4008, 0x400C, 0x5000, 56, 0x3020};

  /** Of a machine's slot of virtio-mmio. @param index among all devices of the attack */
  static VirtioDevice mmio(int slot, int id, int index) {
    return new VirtioDevice(Place.VIRTIO + (long) slot * Place.VIRTIO_SIZE, 0, id, Place.DEVICES + (long) index * AREA);
  }

  static VirtioDevice pci(int card, int id, int index) {
    return new VirtioDevice(Place.bar(card), card, id, Place.DEVICES + (long) index * AREA);
  }

  int queues() {
    return id == 2 ? 1 : 2;
  }

  long descriptor(int queue, int index) {
    return area + (long) QUEUE * queue + 16L * index;
  }

  private long available(int queue) {
    return area + (long) QUEUE * queue + AVAILABLE;
  }

  private long used(int queue) {
    return area + (long) QUEUE * queue + USED;
  }

  /** Firmware's part, for a PCI device. */
  void plugIn(Machine machine, Script script) {
    if (card != 0) {
      Pci.setUp(machine, script, card, MSIX_TABLE, 3);
    }
  }

  /** Resets it and brings it to DRIVER_OK with empty queues; those that receive have buffers. */
  void setUp(Script script) {
    long features = RING_FEATURES | (registers >>> 9 & 1 | card & 1) * EVENT_INDEXES;
    if (card == 0) {
      setUpMmio(script, features);
    } else {
      setUpPci(script, features);
    }
    for (int queue = 0; queue < queues(); queue++) {
      script.store4(available(queue), 0);
      script.store4(used(queue), 0);
      if (queues() == 2 && queue == 0) {
        for (int i = 0; i < 4; i++) {
          describe(script, 0, i, area + BUFFERS + 0x800 + 0x100 * i, 0x100, WRITE, 0);
          script.store(available(0) + 4 + 2 * i, 2, i);
        }
        script.store(available(0) + 2, 2, 4);
        notify(script, 0, 0);
      }
    }
  }

  private void setUpMmio(Script script, long features) {
    for (int status : new int[] {0, 1, 3}) {
      script.store4(registers + 0x70, status);
    }
    for (int half = 0; half < 2; half++) {
      script.store4(registers + 0x24, half);
      script.store4(registers + 0x20, features >>> 32 * half & 0xFFFF_FFFFL);
    }
    script.store4(registers + 0x70, 0xB);
    for (int queue = 0; queue < queues(); queue++) {
      script.store4(registers + 0x30, queue);
      script.store4(registers + 0x38, ENTRIES);
      script.store4(registers + 0x80, descriptor(queue, 0));
      script.store4(registers + 0x84, 0);
      script.store4(registers + 0x90, available(queue));
      script.store4(registers + 0x94, 0);
      script.store4(registers + 0xA0, used(queue));
      script.store4(registers + 0xA4, 0);
      script.store4(registers + 0x44, 1);
    }
    script.store4(registers + 0x70, 0xF);
  }

  private void setUpPci(Script script, long features) {
    for (int status : new int[] {0, 1, 3}) {
      script.store(registers + 20, 1, status);
    }
    for (int half = 0; half < 2; half++) {
      script.store4(registers + 8, half);
      script.store4(registers + 12, (features | 1L << 33) >>> 32 * half & 0xFFFF_FFFFL);
    }
    script.store(registers + 20, 1, 0xB);
    script.store(registers + 16, 2, 0);
    for (int queue = 0; queue < queues(); queue++) {
      script.store(registers + 22, 2, queue);
      script.store(registers + 24, 2, ENTRIES);
      script.store(registers + 26, 2, queue + 1);
      script.store8(registers + 32, descriptor(queue, 0));
      script.store8(registers + 40, available(queue));
      script.store8(registers + 48, used(queue));
      script.store(registers + 28, 2, 1);
    }
    script.store(registers + 20, 1, 0xF);
  }

  void notify(Script script, int queue, long value) {
    if (card == 0) {
      script.store4(registers + 0x50, queue + value);
    } else {
      script.store(registers + 0x3000 + 4L * queue, 2, value);
    }
  }

  /** Writes a descriptor. */
  void describe(Script script, int queue, int index, long address, long length, int flags, int next) {
    long at = descriptor(queue, index);
    script.store8(at, address);
    script.store8(at + 8, length & 0xFFFF_FFFFL | (long) flags << 32 | (long) next << 48);
  }

  long register(InputBytes input) {
    int which = input.next();
    int[] known = card == 0 ? MMIO : PCI;
    return registers + ((which & 0x80) != 0 ? which << 1 & 0xFF | (which & 1) << 12 : known[which % known.length]);
  }

  /**
   * A request as a driver makes it, with one thing or another that is the input's.
   *
   * @param number of requests to this device before, which says where in the rings it is
   * @param more   bit 0: indirect; 1: not notified; 2: with more buffers than most; 3: a value of the input's as an address
   */
  void request(Script script, InputBytes input, int number, int more, long[] known) {
    int queue = queues() - 1;
    int type = input.next();
    long sector = input.next();
    int length = (input.next() & 31) << 7;
    int base = number * 3 % ENTRIES;
    long header = area + BUFFERS + (number & 7) * 0x40L;
    long buffer = (more & 8) != 0 ? Values.next(input, known) : area + BUFFERS + 0x400 + (number & 3) * 0x100L;
    if (id == 2) {
      script.store8(header, type);
      script.store8(header + 8, sector);
      boolean in = (type & 1) == 0;
      int second = base + 1 & ENTRIES - 1;
      int third = base + 2 & ENTRIES - 1;
      if ((more & 1) == 0) {
        describe(script, queue, base, header, 16, NEXT, second);
        describe(script, queue, second, buffer, length, NEXT | (in ? WRITE : 0), third);
        describe(script, queue, third, header + 0x20, 1 + (more >> 2 & 1) * 15, WRITE, 0);
      } else {
        long table = area + INDIRECT + (number & 7) * 0x40L;
        script.store8(table, header);
        script.store8(table + 8, 16 | (long) NEXT << 32 | 1L << 48);
        script.store8(table + 16, buffer);
        script.store8(table + 24, length | (NEXT | (in ? 2L : 0)) << 32 | 2L << 48);
        script.store8(table + 32, header + 0x20);
        script.store8(table + 40, 1 | (long) WRITE << 32);
        describe(script, queue, base, table, 48 + (more >> 2 & 1) * 16, INDIRECT_FLAG, 0);
      }
    } else {
      // A frame or what a console prints: virtio-net's header, then addresses of a frame for everybody.
      script.store8(header, 0);
      script.store8(header + 8, -1L << 32);
      script.store8(header + 16, 0x0202_0202_FFFFL);
      describe(script, queue, base, header, 26, NEXT, base + 1 & ENTRIES - 1);
      describe(script, queue, base + 1 & ENTRIES - 1, buffer, length + type, 0, 0);
    }
    script.store(available(queue) + 4 + 2L * (number & ENTRIES - 1), 2, base);
    script.store(available(queue) + 2, 2, number + 1);
    if ((more & 2) == 0) {
      notify(script, card == 0 ? queue : queue, 0);
    }
  }

  /** Anything in a ring: its flags, index or an entry. @param which bit 7: the used ring, else the available one */
  long ring(int queue, int which) {
    long base = (which & 0x80) != 0 ? used(queue) : available(queue);
    int offset = (which & 0x7F) % 40;
    return base + ((which & 0x80) != 0 ? 4 * offset & 0xFE : 2 * offset);
  }

  /** Words of indirect tables. */
  long indirect(int word) {
    return area + INDIRECT + 8L * (word & 0x3F);
  }
}
