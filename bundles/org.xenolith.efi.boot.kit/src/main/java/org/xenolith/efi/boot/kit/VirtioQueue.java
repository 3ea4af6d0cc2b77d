// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.jspecify.annotations.Nullable;
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
  static final int OFFERED = 3;
  private static final int NUMBER = 4;
  /** Whether a request is under way. */
  private static final int OPEN = 5;
  /** Whether the last one was refused. */
  private static final int REFUSED = 6;
  /** How many numbers a queue has. */
  static final int NUMBERS = 7;
  /** Most disks have an answer after 20. */
  private static final long FIRST_PAUSE = 25;
  private static final long LAST_PAUSE = 1000;
  /** What a device may take for a request. */
  private static final long MOST_MICROSECONDS = 10_000_000;

  /** Numbers of a call, which are its last: the pause, and how long it was waited. */
  private enum Slot {
    PAUSE, WAITED;

    private int place() {
      return Call.NUMBERS - 2 + ordinal();
    }
  }

  // Pauses that are none: the device is asked for its status, or is reset; the number behind is then what the call returns.
  private static final int ASKED = -1;
  private static final int RESET = -2;
  private static final int ALL_ONES = 0xFF;

  /**
   * A buffer of a chain.
   *
   * @param address where it is
   * @param length  bytes
   * @param writes  whether the device writes it
   */
  public record Buffer(long address, long length, boolean writes) {}

  long get(int number) {
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
  long size() {
    return get(SIZE);
  }

  /** A page of its own, for what a driver tells the device and it answers. */
  public long room() {
    return get(ROOM);
  }

  private long available() {
    return get(PLACE) + DESCRIPTOR * size();
  }

  long used() {
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
  void describe(EfiRam memory, int descriptor, Buffer buffer, int next) {
    long at = get(PLACE) + (long) DESCRIPTOR * descriptor;
    memory.put64(at, buffer.address);
    memory.put32(at + 8, buffer.length);
    memory.put16(at + 12, (buffer.writes ? WRITES : 0) | (next >= 0 ? NEXT : 0));
    memory.put16(at + 14, Math.max(0, next));
  }

  /** Offers the device a chain. @param head its first descriptor */
  void publish(EfiRam memory, int head) {
    long count = get(OFFERED);
    set(OFFERED, count + 1);
    memory.put16(available() + 4 + 2 * (count % size()), head);
    memory.put16(available() + 2, count + 1 & 0xFFFF);
  }

  /** Tells the device of what it is offered. */
  EfiStep notifyDevice(Call call, Enum<?> next) {
    return VirtioDriverLayer.ask(call, next, numbers[VirtioDriverLayer.DEVICE], NOTIFY, get(NUMBER));
  }

  /**
   * What comes before each request, and before anything of it is written: nobody enters the driver from a notification function until the call is over,
   * and a request that was left behind, as its call's layer was taken away, is waited for. The step in which this is called is called again then. The last
   * two numbers of the call are the queue's.
   *
   * @param level of the protocol's callers at most (UEFI 2.10, table 7.3)
   * @param what  names the device in reports
   * @return null if a request can be sent; else what the call has to do: to wait, or to return DEVICE_ERROR, if the device is used no more or serves another
   *     call, whose caller was interrupted
   */
  public @Nullable EfiStep begin(Call call, int level, String what) {
    call.raise(level);
    if (get(OPEN) != 0 && !call.isBusy(0, call.argument(0))) {
      if (call.get(Slot.PAUSE.place()) == 0) {
        call.set(Slot.PAUSE.place(), FIRST_PAUSE); // it may not have been told
        return VirtioDriverLayer.ask(call, call.step(), numbers[VirtioDriverLayer.DEVICE], NOTIFY, get(NUMBER));
      }
      return poll(call, call.step(), what);
    }
    return numbers[VirtioDriverLayer.BROKEN] != 0 || get(OPEN) != 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : null;
  }

  /** Makes a request that is the only one of this queue, of at most 4 buffers: those that the device reads before those that it writes. */
  public EfiStep send(Call call, Enum<?> next, Buffer... chain) {
    EfiRam memory = call.firmware().memory();
    for (int i = 0; i < chain.length; i++) {
      describe(memory, i, chain[i], i + 1 < chain.length ? i + 1 : -1);
    }
    publish(memory, 0);
    set(OPEN, 1);
    call.set(Slot.PAUSE.place(), FIRST_PAUSE);
    call.set(Slot.WAITED.place(), 0);
    return notifyDevice(call, next);
  }

  /**
   * Looks whether such a request is over. A device that lies, or gives no answer, is reset before the call returns: then it writes to none of the request's
   * buffers any more (Virtio 1.2, 2.4.2 and 3.3.1).
   *
   * @param again the step in which this is called again
   * @param what  names the device in reports
   * @return null if it is; else what the call has to do: to wait, or to return an error
   */
  public EfiStep poll(Call call, Enum<?> again, String what) {
    return poll(call, again.ordinal(), what);
  }

  private @Nullable EfiStep poll(Call call, int step, String what) {
    EfiRam memory = call.firmware().memory();
    if (call.get(Slot.PAUSE.place()) == ASKED) {
      boolean gone = memory.get8(statusPlace()) == ALL_ONES;
      return reset(call, step, gone ? what + " is gone" : what + ": doesn't answer a request in " + MOST_MICROSECONDS / 1_000_000 + " s",
          gone ? EfiStatus.DEVICE_ERROR : EfiStatus.TIMEOUT);
    }
    if (call.get(Slot.PAUSE.place()) == RESET) {
      set(OPEN, 0);
      return EfiStep.done(call.get(Slot.WAITED.place()));
    }
    if (call.result() < 0 && call.get(Slot.WAITED.place()) == 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR); // the device couldn't be told: its transport's layer isn't there
    }
    long count = get(OFFERED);
    int done = memory.get16(used() + 2);
    if (done == (count - 1 & 0xFFFF)) {
      if (call.get(Slot.WAITED.place()) > MOST_MICROSECONDS) {
        memory.put8(statusPlace(), 0);
        call.set(Slot.PAUSE.place(), ASKED);
        return VirtioDriverLayer.ask(call, step, numbers[VirtioDriverLayer.DEVICE], VirtioDriverLayer.GET_STATUS, statusPlace());
      }
      long pause = Math.max(FIRST_PAUSE, call.get(Slot.PAUSE.place()));
      call.set(Slot.WAITED.place(), call.get(Slot.WAITED.place()) + pause);
      call.set(Slot.PAUSE.place(), Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(step, call.firmware().after(pause));
    }
    if (done != (count & 0xFFFF) || memory.get32(used() + 4 + 8 * ((count - 1) % size())) != 0) {
      return reset(call, step, what + ": says that requests are over which weren't made", EfiStatus.DEVICE_ERROR);
    }
    set(OPEN, 0);
    return null;
  }

  /** Where a device's status is put, behind what drivers have in the page. */
  private long statusPlace() {
    return room() + PAGE - Long.BYTES;
  }

  private EfiStep reset(Call call, int step, String how, EfiStatus status) {
    broken(call.firmware(), how, status);
    call.set(Slot.PAUSE.place(), RESET);
    call.set(Slot.WAITED.place(), status.code());
    return VirtioDriverLayer.ask(call, step, numbers[VirtioDriverLayer.DEVICE], VirtioDriverLayer.SET_STATUS, 0);
  }

  /** A device that can't be trusted gets no more requests: its answer to an earlier one could be taken for one to a later one. */
  public EfiStatus broken(Firmware firmware, String how, EfiStatus status) {
    numbers[VirtioDriverLayer.BROKEN] = 1;
    firmware.report(how + "; it is used no more until it is disconnected and connected");
    return status;
  }

  /**
   * Says that a request is over which the device has refused: the first of a series is told.
   *
   * @param how names the device and what it says; null: it was carried out
   * @return DEVICE_ERROR, or SUCCESS
   */
  public EfiStatus outcome(Firmware firmware, String how) {
    if (how != null && get(REFUSED) == 0) {
      firmware.report(how);
    }
    set(REFUSED, how == null ? 0 : 1);
    return how == null ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR;
  }

  /** How many bytes a device says that it wrote for the latest request. */
  public long written(EfiRam memory) {
    return memory.get32(used() + 8 + 8 * ((get(OFFERED) - 1) % size()));
  }
}
