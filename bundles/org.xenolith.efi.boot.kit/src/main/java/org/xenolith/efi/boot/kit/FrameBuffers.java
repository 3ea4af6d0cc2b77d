// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.Firmware;

/**
 * Memory for frames of one network interface, a page for each: some that are being sent, with the caller's buffers that they were copied from, and some that
 * the device fills. The device never sees a caller's memory.
 *
 * @param numbers those of the interface
 * @param first   which of them is the first one of these
 */
public record FrameBuffers(long[] numbers, int first) {
  /** Frames that are sent at the same time. */
  public static final int SENDING = 8;
  /** Frames that are received before somebody takes one. */
  public static final int RECEIVING = 32;
  /** Bytes of a frame's place. */
  public static final int ROOM = 4096;
  private static final int PAGES = 0;
  private static final int BUSY = 1;
  private static final int CALLERS = 2;
  /** How many numbers there are. */
  static final int NUMBERS = CALLERS + SENDING;

  /** Allocates the pages. */
  public void make(Firmware firmware) {
    numbers[first + PAGES] = firmware.pages(SENDING + RECEIVING);
  }

  /** Gives them back, if there are any. */
  public void free(Firmware firmware) {
    if (numbers[first + PAGES] != 0) {
      firmware.freePages(numbers[first + PAGES], SENDING + RECEIVING);
      numbers[first + PAGES] = 0;
    }
  }

  /** Address of a frame that is sent. */
  public long sending(int slot) {
    return numbers[first + PAGES] + (long) slot * ROOM;
  }

  /** Address of one that is received. */
  public long receiving(int slot) {
    return sending(SENDING + slot);
  }

  /** Takes a place for a frame that will be sent. @return which; -1: there is none */
  int claim(int usable, long caller) {
    int slot = Long.numberOfTrailingZeros(~numbers[first + BUSY]);
    if (slot >= usable) {
      return -1;
    }
    numbers[first + BUSY] |= 1L << slot;
    numbers[first + CALLERS + slot] = caller;
    return slot;
  }

  /** Whether a place has a frame that is being sent. */
  public boolean busy(long slot) {
    return slot >= 0 && slot < SENDING && (numbers[first + BUSY] >> slot & 1) != 0;
  }

  /** The caller's buffer of a frame that is being sent; 0 if nobody asks for it any more. */
  long caller(int slot) {
    return numbers[first + CALLERS + slot];
  }

  /** A place is free again. @return the caller's buffer */
  long release(int slot) {
    numbers[first + BUSY] &= ~(1L << slot);
    return numbers[first + CALLERS + slot];
  }

  /** Nobody asks any more for the buffer of a frame that is being sent. */
  void forget(int slot) {
    numbers[first + CALLERS + slot] = 0;
  }

  /** Nor for any. */
  void forget() {
    for (int slot = 0; slot < SENDING; slot++) {
      forget(slot);
    }
  }

  /** No frame is being sent. */
  public void clear() {
    forget();
    numbers[first + BUSY] = 0;
  }
}
