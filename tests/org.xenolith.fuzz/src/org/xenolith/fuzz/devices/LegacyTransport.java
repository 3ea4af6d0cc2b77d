// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;

/**
 * The registers of virtio before version 1.0 (Virtual I/O Device 1.2, 4.2.4 and 4.1.4.10); those of virtio-mmio that attacks also find behind
 * the one of today are at the same places.
 *
 * @param registers of virtio-mmio, or the card's in the CPU's addresses
 * @param card      number of the PCI device; 0 for virtio-mmio
 */
record LegacyTransport(long registers, int card) {
  private static final int PAGE = 0x1000;
  /** Where cards' I/O space is for the CPU, and where a card's header is in that. */
  private static final long PORTS = 0x3EFF_0000L;
  private static final int PORT = 0x1000;
  private static final int[] MMIO = {0x70, 0x14, 0x20, 0x24, 0x28, 0x30, 0x38, 0x3C, 0x40, 0x44, 0x50, 0x64, 0x80, 0x90, 0xA0, 0x100, 0x114,
      0x118, 0x10, 0x34, 0x60, 0xFC, 0x11C, 0x120, 0, 4, 8, 0xC};
  private static final int[] HEADER_FIELDS = {0, 4, 8, 12, 14, 16, 18, 19, 20, 22, 24, 40, 44, 48, 1, 0xFC};

  static LegacyTransport mmio(int slot) {
    return new LegacyTransport(Place.VIRTIO + (long) slot * Place.VIRTIO_SIZE, 0);
  }

  static LegacyTransport card(int card) {
    return new LegacyTransport(PORTS + PORT * card, card);
  }

  /** Resets the device and brings it to DRIVER_OK. @param queues page-aligned addresses @param entries of each, which a card isn't told */
  void setUp(Script script, long features, long[] queues, int entries) {
    if (card == 0) {
      setUpMmio(script, features, queues, entries);
    } else {
      setUpCard(script, features, queues);
    }
  }

  private void setUpMmio(Script script, long features, long[] queues, int entries) {
    for (int status : new int[] {0, 1, 3}) {
      script.store4(registers + 0x70, status);
    }
    script.store4(registers + 0x28, PAGE);
    script.store4(registers + 0x20, features);
    for (int queue = 0; queue < queues.length; queue++) {
      script.store4(registers + 0x30, queue);
      script.store4(registers + 0x38, entries);
      script.store4(registers + 0x3C, PAGE);
      script.store4(registers + 0x40, queues[queue] / PAGE);
    }
    script.store4(registers + 0x70, 7);
  }

  private void setUpCard(Script script, long features, long[] queues) {
    long config = Place.config(card);
    script.store4(config + 0x10, PORT * card);
    script.store4(config + 0x14, Place.bar(card));
    script.store(config + 4, 2, 7);
    for (int status : new int[] {0, 1, 3}) {
      script.store(registers + 18, 1, status);
    }
    script.store4(registers + 4, features);
    for (int queue = 0; queue < queues.length; queue++) {
      script.store(registers + 14, 2, queue);
      script.store4(registers + 8, queues[queue] / PAGE);
    }
    script.store(registers + 18, 1, 7);
  }

  void notify(Script script, long queue) {
    if (card == 0) {
      script.store4(registers + 0x50, queue);
    } else {
      script.store(registers + 16, 2, queue);
    }
  }

  long register(InputBytes input) {
    int which = input.next();
    int[] known = card == 0 ? MMIO : HEADER_FIELDS;
    return registers + ((which & 0x80) != 0 ? which << 1 & 0xFF : known[which % known.length]);
  }
}
