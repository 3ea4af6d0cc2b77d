// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * A split virtqueue of a {@link VirtioDriverLayer} (Virtio 1.2, 2.7), polled. Nothing that the device writes is believed.
 *
 * @param numbers those of the driver's interface
 * @param index   which of its queues, by its place in the driver's list
 */
public record VirtioQueue(long[] numbers, int index) {
  /** Where the functions of edk2's protocol for virtio devices are that tells a device of new buffers. */
  private static final int NOTIFY = 40;
  private static final int NEXT = 1;
  private static final int WRITES = 2;
  private static final int DESCRIPTOR = 16;
  private static final int PAGE = 4096;
  private static final int LEAST = 4;
  private static final int MOST = 1024;
  // Numbers of a queue.
  private static final int PLACE = 0;
  private static final int SIZE = 1;
  private static final int ROOM = 2;
  private static final int OFFERED = 3;
  private static final int NUMBER = 4;
  /** How many numbers a queue has. */
  static final int NUMBERS = 5;
  private static final long FIRST_PAUSE = 10;
  private static final long LAST_PAUSE = 1000;
  /** What a device may take for a request. */
  private static final long MOST_MICROSECONDS = 10_000_000;
  // Numbers of a call.
  private static final int PAUSE = Call.NUMBERS - 2;
  private static final int WAITED = Call.NUMBERS - 1;

  /**
   * A buffer of a chain.
   *
   * @param address where it is
   * @param length  bytes
   * @param writes  whether the device writes it
   */
  public record Buffer(long address, long length, boolean writes) {}

  private long get(int number) {
    return numbers[VirtioDriverLayer.QUEUES + index * NUMBERS + number];
  }

  private void set(int number, long value) {
    numbers[VirtioDriverLayer.QUEUES + index * NUMBERS + number] = value;
  }

  /** Whether a size is one that is used here. */
  static boolean isSize(long size) {
    return size >= LEAST && size <= MOST && Long.bitCount(size) == 1;
  }

  /** The used ring begins a page (Virtio 1.2, 2.7.2). */
  private static long usedOffset(long size) {
    return DESCRIPTOR * size + 6 + 2 * size + PAGE - 1 & -PAGE;
  }

  private static long pages(long size) {
    return (usedOffset(size) + 6 + 8 * size + PAGE - 1) / PAGE;
  }

  /** How many buffers it has. */
  private long size() {
    return get(SIZE);
  }

  /** A page of its own, for what a driver tells the device and it answers. */
  public long room() {
    return get(ROOM);
  }

  private long available() {
    return get(PLACE) + DESCRIPTOR * size();
  }

  private long used() {
    return get(PLACE) + usedOffset(size());
  }

  /**
   * Allocates it, and describes it as edk2's {@code VRING} does (OvmfPkg/Include/IndustryStandard/Virtio095.h).
   *
   * @param number the device's number of it
   * @param size   how many buffers it has
   * @param at     where the description goes, 96 bytes
   */
  void make(Firmware firmware, int number, long size, long at) {
    EfiRam memory = firmware.memory();
    set(SIZE, size);
    set(NUMBER, number);
    set(PLACE, firmware.pages(pages(size)));
    set(ROOM, firmware.pages(1));
    memory.put64(at, pages(size));
    memory.put64(at + 8, get(PLACE));
    memory.put64(at + 16, get(PLACE));
    memory.put64(at + 24, available());
    memory.put64(at + 32, available() + 2);
    memory.put64(at + 40, available() + 4);
    memory.put64(at + 48, available() + 4 + 2 * size);
    memory.put64(at + 56, used());
    memory.put64(at + 64, used() + 2);
    memory.put64(at + 72, used() + 4);
    memory.put64(at + 80, used() + 4 + 8 * size);
    memory.put16(at + 88, size);
    memory.put16(available(), 1); // no interrupts
  }

  /** Gives its memory back, if it has any. */
  void free(Firmware firmware) {
    if (get(PLACE) != 0) {
      firmware.freePages(get(PLACE), pages(size()));
      firmware.freePages(get(ROOM), 1);
      set(PLACE, 0);
    }
  }

  /** Writes one descriptor. @param next the one behind it; -1: the chain ends */
  private void describe(EfiRam memory, int descriptor, Buffer buffer, int next) {
    long at = get(PLACE) + (long) DESCRIPTOR * descriptor;
    memory.put64(at, buffer.address);
    memory.put32(at + 8, buffer.length);
    memory.put16(at + 12, (buffer.writes ? WRITES : 0) | (next >= 0 ? NEXT : 0));
    memory.put16(at + 14, Math.max(0, next));
  }

  private void publish(EfiRam memory) {
    long count = get(OFFERED);
    set(OFFERED, count + 1);
    memory.put16(available() + 4 + 2 * (count % size()), 0);
    memory.put16(available() + 2, count + 1 & 0xFFFF);
  }

  /** Tells the device. */
  private EfiStep notifyDevice(Call call, int next) {
    long device = numbers[VirtioDriverLayer.DEVICE];
    return EfiStep.call(next, call.firmware().memory().get64(device + NOTIFY), device, get(NUMBER));
  }

  /**
   * Makes a request that is the only one of this queue, of at most 4 buffers: those that the device reads before those that it writes. DEVICE_ERROR if the
   * device is used no more. The last two numbers of the call are the queue's.
   */
  public EfiStep send(Call call, int next, Buffer... chain) {
    if (numbers[VirtioDriverLayer.BROKEN] != 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    EfiRam memory = call.firmware().memory();
    for (int i = 0; i < chain.length; i++) {
      describe(memory, i, chain[i], i + 1 < chain.length ? i + 1 : -1);
    }
    publish(memory);
    call.set(PAUSE, FIRST_PAUSE);
    call.set(WAITED, 0);
    return notifyDevice(call, next);
  }

  /**
   * Looks whether such a request is over.
   *
   * @param again the step in which this is called again
   * @param what  names the device in reports
   * @return null if it is; else what the call has to do: to wait, or to return an error
   */
  public EfiStep poll(Call call, int again, String what) {
    EfiRam memory = call.firmware().memory();
    long count = get(OFFERED);
    int done = memory.get16(used() + 2);
    if (done == (count - 1 & 0xFFFF)) {
      if (call.get(WAITED) > MOST_MICROSECONDS) {
        return EfiStep.done(broken(call.firmware(), what + ": doesn't answer a request in " + MOST_MICROSECONDS / 1_000_000 + " s",
            EfiStatus.TIMEOUT));
      }
      long pause = call.get(PAUSE);
      call.set(WAITED, call.get(WAITED) + pause);
      call.set(PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(again, call.firmware().after(pause));
    }
    if (done != (count & 0xFFFF) || memory.get32(used() + 4 + 8 * ((count - 1) % size())) != 0) {
      return EfiStep.done(broken(call.firmware(), what + ": says that requests are over which weren't made", EfiStatus.DEVICE_ERROR));
    }
    return null;
  }

  /** A device that can't be trusted gets no more requests: its answer to an earlier one could come into somebody's memory. */
  public EfiStatus broken(Firmware firmware, String how, EfiStatus status) {
    numbers[VirtioDriverLayer.BROKEN] = 1;
    firmware.report(how + "; it is used no more until it is disconnected and connected");
    return status;
  }

  /** How many bytes a device says that it wrote for the latest request. */
  public long written(EfiRam memory) {
    return memory.get32(used() + 8 + 8 * ((get(OFFERED) - 1) % size()));
  }
}
