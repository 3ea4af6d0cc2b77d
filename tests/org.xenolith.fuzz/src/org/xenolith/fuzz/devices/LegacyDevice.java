// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/**
 * What a guest does to one virtio device with the interface before version 1.0 (Virtual I/O Device 1.2, 2.7.2: where the parts of a queue
 * are).
 *
 * @param transport in front of it
 * @param id        kind of device
 * @param area      memory for its queues and buffers, 32 KiB
 */
record LegacyDevice(LegacyTransport transport, int id, long area) implements VirtioQueues {
  static final int AREA = 0x8000;
  private static final int QUEUE = 0x3000;
  private static final int BUFFERS = 0x6000;
  private static final int INDIRECT = 0x7000;
  private static final int HEADER = 10;
  private static final long INDIRECT_TABLES = 1L << 28;
  private static final long EVENT_INDEXES = 1L << 29;
  /** What a card's queues have, by kind of device: it can't be told otherwise. */
  private static final int[] CARD_ENTRIES = {0, 256, 256, 64, 8};

  static LegacyDevice mmio(int slot, int id) {
    return new LegacyDevice(LegacyTransport.mmio(slot), id, Place.DEVICES + (long) slot * AREA);
  }

  /** @param index among all devices of the attack */
  static LegacyDevice card(int card, int id, int index) {
    return new LegacyDevice(LegacyTransport.card(card), id, Place.DEVICES + (long) index * AREA);
  }

  @Override
  public int card() {
    return transport.card();
  }

  @Override
  public long registers() {
    return transport.registers();
  }

  @Override
  public int entries(int queue) {
    return card() == 0 ? Math.min(USED_ENTRIES, CARD_ENTRIES[id]) : CARD_ENTRIES[id];
  }

  @Override
  public long descriptor(int queue, int index) {
    return area + (long) QUEUE * queue + 16L * index;
  }

  @Override
  public long available(int queue) {
    return descriptor(queue, entries(queue));
  }

  @Override
  public long used(int queue) {
    return available(queue) + 6 + 2L * entries(queue) + Place.PAGE - 1 & -Place.PAGE;
  }

  @Override
  public long buffers() {
    return area + BUFFERS;
  }

  @Override
  public long indirect(int word) {
    return area + INDIRECT + 8L * (word & 0x3F);
  }

  @Override
  public int frameHeader() {
    return HEADER;
  }

  @Override
  public void plugIn(Machine machine, Script script) {}

  @Override
  public void setUp(Script script) {
    long[] queues = new long[queues()];
    for (int queue = 0; queue < queues.length; queue++) {
      queues[queue] = descriptor(queue, 0);
    }
    transport.setUp(script, INDIRECT_TABLES | (registers() >>> 9 & 1) * EVENT_INDEXES, queues, entries(0));
    fill(script);
  }

  @Override
  public void notify(Script script, int queue, long value) {
    transport.notify(script, queue + value);
  }

  @Override
  public long register(InputBytes input) {
    return transport.register(input);
  }
}
