// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;

/** Sets an ITS up and fills its command queue as the kernel's driver does. */
final class ItsDriver {
  static final long QUEUE = FakeMemory.BASE + 0x1_0000;
  static final long DEVICES = FakeMemory.BASE + 0x2_0000;
  static final long COLLECTIONS = FakeMemory.BASE + 0x3_0000;
  static final long SECOND_LEVEL = FakeMemory.BASE + 0x4_0000;
  static final long ITT = FakeMemory.BASE + 0x6_0000;
  static final int QUEUE_BYTES = 0x1_0000;
  static final long VALID = 1L << 63;
  private static final long INDIRECT = 1L << 62;
  private static final long PAGES_64K = 2 << 8;
  private static final long INNER_SHAREABLE = 1 << 10;
  private static final long CACHED = 7L << 59;

  private FakeContext context;
  private long next;

  ItsDriver(FakeContext context) {
    this.context = context;
  }

  /** Another model took over: the driver doesn't notice. */
  void goesOnWith(FakeContext successor) {
    context = successor;
  }

  /** Tables of 64 KiB; the device table with two levels, of which the second one for devices 0 to 8191 is there. */
  ItsDriver start() {
    context.dma().write(DEVICES, 8, VALID | SECOND_LEVEL);
    return start(INDIRECT);
  }

  ItsDriver startFlat() {
    return start(0);
  }

  private ItsDriver start(long indirect) {
    long attributes = VALID | CACHED | INNER_SHAREABLE;
    context.write(0, 0x100, 8, attributes | indirect | PAGES_64K | DEVICES);
    context.write(0, 0x108, 8, attributes | PAGES_64K | COLLECTIONS);
    context.write(0, 0x080, 8, attributes | QUEUE | QUEUE_BYTES / 4096 - 1);
    context.write(0, 0x088, 8, 0);
    context.write(0, 0x000, 4, 1);
    next = 0;
    return this;
  }

  long creadr() {
    return context.read(0, 0x90, 8);
  }

  /** Puts a command into the queue. */
  ItsDriver queue(long... words) {
    for (int i = 0; i < 4; i++) {
      context.dma().write(QUEUE + next + i * 8, 8, i < words.length ? words[i] : 0);
    }
    next = (next + 32) % QUEUE_BYTES;
    return this;
  }

  /** Announces what was put into the queue. */
  ItsDriver announce() {
    context.write(0, 0x88, 4, next);
    return this;
  }

  private ItsDriver now(long... words) {
    return queue(words).queue(5).announce();
  }

  ItsDriver mapd(long device, int eventBits, long itt) {
    return now(device << 32 | 8, eventBits - 1, VALID | itt);
  }

  ItsDriver unmapd(long device) {
    return now(device << 32 | 8);
  }

  ItsDriver mapc(long collection, long processor) {
    return now(9, 0, VALID | processor << 16 | collection);
  }

  ItsDriver unmapc(long collection) {
    return now(9, 0, collection);
  }

  ItsDriver mapti(long device, long event, long lpi, long collection) {
    return now(device << 32 | 10, lpi << 32 | event, collection);
  }

  ItsDriver mapi(long device, long event, long collection) {
    return now(device << 32 | 11, event, collection);
  }

  ItsDriver movi(long device, long event, long collection) {
    return now(device << 32 | 1, event, collection);
  }

  ItsDriver interrupt(long device, long event) {
    return now(device << 32 | 3, event);
  }

  ItsDriver clear(long device, long event) {
    return now(device << 32 | 4, event);
  }

  ItsDriver inv(long device, long event) {
    return now(device << 32 | 12, event);
  }

  ItsDriver invall(long collection) {
    return now(13, 0, collection);
  }

  ItsDriver movall(long from, long to) {
    return now(14, 0, from << 16, to << 16);
  }

  ItsDriver discard(long device, long event) {
    return now(device << 32 | 15, event);
  }
}
