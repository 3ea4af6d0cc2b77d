// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** One virtio device with its queues in memory, as a driver that attacks it sees it. */
interface VirtioQueues {
  int NEXT = 1;
  int WRITE = 2;
  int INDIRECT_FLAG = 4;
  /** Requests are made of as many descriptors, whatever a queue has. */
  int USED_ENTRIES = 16;

  /** Which kind of device: 1 network, 2 block, 3 console, 4 entropy. */
  int id();

  /** Number of the PCI device; 0 for virtio-mmio. */
  int card();

  long registers();

  /** Memory for queues and buffers. */
  long area();

  /** Descriptors of a queue. */
  int entries(int queue);

  long descriptor(int queue, int index);

  long available(int queue);

  long used(int queue);

  /** Where headers and data are: 0xC00 bytes. */
  long buffers();

  /** Words of indirect tables. */
  long indirect(int word);

  /** Firmware's part, for a PCI device. */
  void plugIn(Machine machine, Script script);

  /** Resets it and brings it to where it takes requests, with empty queues; those that receive have buffers. */
  void setUp(Script script);

  void notify(Script script, int queue, long value);

  long register(InputBytes input);

  /** Bytes before a frame. */
  int frameHeader();

  default int queues() {
    return id() == 1 || id() == 3 ? 2 : 1;
  }

  /** Writes a descriptor. */
  default void describe(Script script, int queue, int index, long address, long length, int flags, int next) {
    long at = descriptor(queue, index);
    script.store8(at, address);
    script.store8(at + 8, length & 0xFFFF_FFFFL | (long) flags << 32 | (long) next << 48);
  }

  /** Empties the rings; the queue that receives gets four buffers. */
  default void fill(Script script) {
    for (int queue = 0; queue < queues(); queue++) {
      script.store4(available(queue), 0);
      script.store4(used(queue), 0);
      if (queues() == 2 && queue == 0) {
        for (int i = 0; i < 4; i++) {
          describe(script, 0, i, buffers() + 0x800 + 0x100 * i, 0x100, WRITE, 0);
          script.store(available(0) + 4 + 2 * i, 2, i);
        }
        script.store(available(0) + 2, 2, 4);
        notify(script, 0, 0);
      }
    }
  }

  /** Anything in a ring: its flags, index or an entry. @param which bit 7: the used ring, else the available one */
  default long ring(int queue, int which) {
    long base = (which & 0x80) != 0 ? used(queue) : available(queue);
    int offset = (which & 0x7F) % 40;
    return base + ((which & 0x80) != 0 ? 4 * offset & 0xFE : 2 * offset);
  }
}
