// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;

/**
 * What a guest does to one virtio SCSI controller (Virtual I/O Device 1.2, 5.6).
 *
 * @param transport in front of it
 * @param front     registers of it
 * @param area      memory for its queues and buffers, 48 KiB
 */
record ScsiHost(Transport transport, LegacyTransport front, long area) {
  static final int AREA = 0xC000;
  private static final int QUEUES = 3;
  private static final int REQUESTS = 2;
  private static final int QUEUE = 0x3000;
  private static final int BUFFERS = 0x9000;
  private static final int ENTRIES = 16;
  private static final int PAGE = 0x1000;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int HEADER = 51;
  private static final int RESPONSE = 108;
  /** Commands that units serve, of both kinds. */
  private static final int[] OPCODES = {0x00, 0x03, 0x08, 0x0A, 0x12, 0x15, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x2A, 0x2B, 0x2E, 0x2F, 0x34,
      0x35,
      0x41, 0x42, 0x43, 0x46, 0x4A, 0x51, 0x55, 0x5A, 0x88, 0x8A, 0x8E, 0x8F, 0x90, 0x91, 0x93, 0x9E, 0xA0, 0xA8, 0xAA, 0xAE, 0xAF, 0xBD};

  /** What is in front of a controller. */
  enum Transport {
    MMIO, LEGACY_MMIO, LEGACY_PCI
  }

  static ScsiHost mmio(int slot, boolean legacy) {
    return new ScsiHost(legacy ? Transport.LEGACY_MMIO : Transport.MMIO, LegacyTransport.mmio(slot), Place.DEVICES
        + (long) slot * AREA);
  }

  static ScsiHost legacyCard(int card, int index) {
    return new ScsiHost(Transport.LEGACY_PCI, LegacyTransport.card(card), Place.DEVICES + (long) index * AREA);
  }

  long registers() {
    return front.registers();
  }

  int card() {
    return front.card();
  }

  /** The legacy card has queues of all their entries, as it can't be told otherwise. */
  private int entries(int queue) {
    return transport != Transport.LEGACY_PCI ? ENTRIES : queue < REQUESTS ? 64 : 256;
  }

  long descriptor(int queue, int index) {
    return area + (long) QUEUE * queue + 16L * index;
  }

  private long available(int queue) {
    return descriptor(queue, entries(queue));
  }

  private long used(int queue) {
    return available(queue) + 6 + 2L * entries(queue) + PAGE - 1 & -PAGE;
  }

  long buffer(int index) {
    return area + BUFFERS + 0x200L * (index & 7);
  }

  /** Brings it to where it takes requests. */
  void setUp(Script script) {
    for (int queue = 0; queue < QUEUES; queue++) {
      script.store4(available(queue), 0);
      script.store4(used(queue), 0);
    }
    switch (transport) {
      case MMIO -> setUpModern(script);
      case LEGACY_MMIO, LEGACY_PCI -> front.setUp(script, 2 | 1 << 28, new long[] {descriptor(0, 0), descriptor(1, 0), descriptor(2, 0)},
          ENTRIES);
    }
    for (int i = 0; i < 4; i++) {
      describe(script, 1, i, area + BUFFERS + 0x1800 + 16 * i, 16, WRITE, 0);
      offer(script, 1, i, i);
    }
    front.notify(script, 1);
  }

  private void setUpModern(Script script) {
    for (int status : new int[] {0, 1, 3}) {
      script.store4(registers() + 0x70, status);
    }
    script.store4(registers() + 0x24, 0);
    script.store4(registers() + 0x20, 2 | 1 << 28);
    script.store4(registers() + 0x24, 1);
    script.store4(registers() + 0x20, 1);
    script.store4(registers() + 0x70, 0xB);
    for (int queue = 0; queue < QUEUES; queue++) {
      script.store4(registers() + 0x30, queue);
      script.store4(registers() + 0x38, ENTRIES);
      script.store4(registers() + 0x80, descriptor(queue, 0));
      script.store4(registers() + 0x90, available(queue));
      script.store4(registers() + 0xA0, used(queue));
      script.store4(registers() + 0x44, 1);
    }
    script.store4(registers() + 0x70, 0xF);
  }

  void describe(Script script, int queue, int index, long address, long length, int flags, int next) {
    long at = descriptor(queue, index);
    script.store8(at, address);
    script.store8(at + 8, length & 0xFFFF_FFFFL | (long) flags << 32 | (long) next << 48);
  }

  private void offer(Script script, int queue, int head, int number) {
    script.store(available(queue) + 4 + 2L * (number & entries(queue) - 1), 2, head);
    script.store(available(queue) + 2, 2, number + 1);
  }

  long register(InputBytes input) {
    return front.register(input);
  }

  /**
   * A command as a driver gives it, with one thing or another that is the input's.
   *
   * @param number of requests to this controller before
   * @param more   bit 0: data are given; 1: not notified; 2: to a LUN of the input's; 3: a value of the input's as the data's address
   */
  void command(Script script, InputBytes input, int number, int more, long[] known) {
    int base = number * 4 % ENTRIES;
    int opcode = input.next();
    int target = input.next();
    long header = buffer(number);
    long response = header + 0x80;
    long lun = (more & 4) != 0 ? (long) input.next() << 24 : 0;
    script.store8(header, 1 | (long) (target & 3) << 8 | 0x40L << 16 | lun);
    script.store8(header + 8, number);
    int code = (opcode & 0x80) != 0 ? opcode & 0x7F : OPCODES[opcode % OPCODES.length];
    // Bytes 19 to 34 are the command; those before 24 are shared with other fields.
    script.store8(header + 16, (long) code << 24 | input.next(4) << 32);
    script.store8(header + 24, input.next(8));
    script.store8(header + 32, input.next(3));
    long data = (more & 8) != 0 ? Values.next(input, known) : buffer(number + 1) + 0x100;
    int length = (input.next() & 31) << 7;
    boolean out = (more & 1) != 0;
    describe(script, REQUESTS, base, header, HEADER, NEXT, base + 1);
    describe(script, REQUESTS, base + 1, out ? data : response, out ? length : RESPONSE, NEXT | (out ? 0 : WRITE), base + 2);
    describe(script, REQUESTS, base + 2, out ? response : data, out ? RESPONSE : length, WRITE, 0);
    offer(script, REQUESTS, base, number);
    if ((more & 2) == 0) {
      front.notify(script, REQUESTS);
    }
  }

  /** Task management, or what else the control queue takes. */
  void manage(Script script, InputBytes input, int number, int more) {
    int base = number * 2 % ENTRIES;
    long request = buffer(number) + 0x180;
    script.store8(request, more & 3 | (long) input.next() << 32);
    script.store8(request + 8, 1 | (long) (input.next() & 3) << 8 | 0x40L << 16);
    script.store8(request + 16, number);
    describe(script, 0, base, request, 24, NEXT, base + 1);
    describe(script, 0, base + 1, request + 0x20, 5, WRITE, 0);
    offer(script, 0, base, number);
    front.notify(script, 0);
  }

  /** Anything in a ring. @param which bit 7: the used ring, else the available one */
  long ring(int queue, int which) {
    long base = (which & 0x80) != 0 ? used(queue) : available(queue);
    return base + 2L * ((which & 0x7F) % 40);
  }
}
