// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * A {@link VirtioQueue} with many buffers that are offered at the same time, and stay offered until the device has used them: each is a header and what
 * follows it (two descriptors, so that devices from before version 1.0 find the header alone, Virtio 1.2, 5.1.6.6), in a slot of its own. Nothing that the
 * device writes is believed.
 *
 * @param queue the queue
 * @param first which number of the interface is the first one of {@link #NUMBERS} that these have
 * @param what  names the device in reports
 */
public record VirtioSlots(VirtioQueue queue, int first, String what) {
  /** How many numbers there are. */
  public static final int NUMBERS = 2;
  private static final int TAKEN = 0;
  private static final int OFFERED = 1;
  private static final int HEADER_ROOM = 16;
  private static final int MOST = 64;
  private static final int ENTRY = 8;

  private long get(int number) {
    return queue.numbers()[first + number];
  }

  private void set(int number, long value) {
    queue.numbers()[first + number] = value;
  }

  /** How many slots there are, of so many that are wanted, 64 at most. */
  public int count(int wanted) {
    return (int) Math.min(Math.min(wanted, MOST), queue.size() / 2);
  }

  /** Whether the device has a slot's buffer. */
  public boolean isOffered(long slot) {
    return slot >= 0 && slot < MOST && (get(OFFERED) >> slot & 1) != 0;
  }

  /**
   * Offers the device a buffer; {@link #tell} tells it. DEVICE_ERROR if the device is used no more.
   *
   * @param header bytes of the header, at most 16, which are zeros
   * @param writes whether the device writes it
   */
  public void offer(EfiRam memory, int slot, int header, long address, long length, boolean writes) {
    honest();
    long before = queue.room() + (long) HEADER_ROOM * slot;
    memory.clear(before, HEADER_ROOM);
    queue.describe(memory, 2 * slot, new VirtioQueue.Buffer(before, header, writes), 2 * slot + 1);
    queue.describe(memory, 2 * slot + 1, new VirtioQueue.Buffer(address, length, writes), -1);
    queue.publish(memory, 2 * slot);
    set(OFFERED, get(OFFERED) | 1L << slot);
  }

  /** Tells the device of buffers that were offered. The result is a status. */
  public EfiStep tell(Call call, Enum<?> next) {
    return queue.notifyDevice(call, next);
  }

  private void honest() {
    if (VirtioDriverLayer.isBroken(queue.numbers())) {
      throw new EfiError(EfiStatus.DEVICE_ERROR, what + ": used no more");
    }
  }

  /**
   * The slot of the first buffer that the device has used and that wasn't taken since; -1: there is none.
   *
   * @throws EfiError DEVICE_ERROR if the device lies, now or earlier
   */
  public int used(Firmware firmware) {
    honest();
    EfiRam memory = firmware.memory();
    long done = memory.get16(queue.used() + 2) - get(TAKEN) & 0xFFFF;
    if (done == 0) {
      return -1;
    }
    long head = memory.get32(entry());
    if (done > queue.get(VirtioQueue.OFFERED) - get(TAKEN) || head % 2 != 0 || !isOffered(head / 2)) {
      throw lie(firmware, "says that it has used buffers which it wasn't offered");
    }
    return (int) head / 2;
  }

  private long entry() {
    return queue.used() + 4 + ENTRY * (get(TAKEN) % queue.size());
  }

  /** How many bytes the device says that it wrote into the buffer of {@link #used}. @throws EfiError DEVICE_ERROR if that is outside of bounds */
  public int written(Firmware firmware, int least, int most) {
    long written = firmware.memory().get32(entry() + 4);
    if (written < least || written > most) {
      throw lie(firmware, "says that it wrote " + written + " bytes of " + most);
    }
    return (int) written;
  }

  /** The buffer of {@link #used} is taken: its slot is free. */
  public void take(int slot) {
    set(TAKEN, get(TAKEN) + 1);
    set(OFFERED, get(OFFERED) & ~(1L << slot));
  }

  private EfiError lie(Firmware firmware, String how) {
    return new EfiError(queue.broken(firmware, what + ": " + how, EfiStatus.DEVICE_ERROR), how);
  }
}
