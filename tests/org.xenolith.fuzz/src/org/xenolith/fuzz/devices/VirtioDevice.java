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
record VirtioDevice(long registers, int card, int id, long area) implements VirtioQueues {
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
  private static final int HEADER = 12;
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

  @Override
  public int entries(int queue) {
    return ENTRIES;
  }

  @Override
  public long buffers() {
    return area + BUFFERS;
  }

  @Override
  public int frameHeader() {
    return HEADER;
  }

  @Override
  public long descriptor(int queue, int index) {
    return area + (long) QUEUE * queue + 16L * index;
  }

  @Override
  public long available(int queue) {
    return area + (long) QUEUE * queue + AVAILABLE;
  }

  @Override
  public long used(int queue) {
    return area + (long) QUEUE * queue + USED;
  }

  @Override
  public void plugIn(Machine machine, Script script) {
    if (card != 0) {
      Pci.setUp(machine, script, card, MSIX_TABLE, 3);
    }
  }

  @Override
  public void setUp(Script script) {
    long features = RING_FEATURES | (registers >>> 9 & 1 | card & 1) * EVENT_INDEXES;
    if (card == 0) {
      setUpMmio(script, features);
    } else {
      setUpPci(script, features);
    }
    fill(script);
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

  @Override
  public void notify(Script script, int queue, long value) {
    if (card == 0) {
      script.store4(registers + 0x50, queue + value);
    } else {
      script.store(registers + 0x3000 + 4L * queue, 2, value);
    }
  }

  @Override
  public long register(InputBytes input) {
    int which = input.next();
    int[] known = card == 0 ? MMIO : PCI;
    return registers + ((which & 0x80) != 0 ? which << 1 & 0xFF | (which & 1) << 12 : known[which % known.length]);
  }

  @Override
  public long indirect(int word) {
    return area + INDIRECT + 8L * (word & 0x3F);
  }
}
