// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** PollMem and PollIo of PCI protocols (UEFI 2.10, 14.2 and 14.4): a register is read until it has a value, or for a time. */
public final class PciPoll {
  /** Units of 100 ns in a second. */
  private static final long UNITS = 10_000_000;
  /** No guest waits for longer: 68 years. */
  private static final long MOST_SECONDS = Integer.MAX_VALUE;
  /** Between two reads, in microseconds. */
  private static final long PAUSE = 10;
  private enum Slot {
    DEADLINE
  }

  private enum Step {
    BEGIN, LOOK, READ_AGAIN;

    private static final Step[] ALL = values();
  }

  private PciPoll() {}

  /** Whether a poll may have this width: one that repeats neither register nor value. */
  public static boolean mayBe(long width) {
    return (int) width >= PciAccess.WIDTH_8 && (int) width <= PciAccess.WIDTH_64;
  }

  /**
   * Polls; the first step reads. The call's first number is its.
   *
   * @param register as the CPU sees it
   * @param mask     bits that count
   * @param value    what they are to be
   * @param delay    units of 100 ns; 0: one read, whatever it gives
   * @param result   where the last value goes, 64 bits
   * @return in the end SUCCESS, TIMEOUT; INVALID_PARAMETER for a width that repeats something, or without a result
   */
  public static EfiStep next(Call call, long register, long width, long mask, long value, long delay, long result) {
    Firmware firmware = call.firmware();
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        if (!mayBe(width) || result == 0) {
          return EfiStep.done(EfiStatus.INVALID_PARAMETER);
        }
        firmware.memory().get64(result); // or there is no memory, before the register is read
        call.set(Slot.DEADLINE, deadline(firmware, delay));
        return EfiStep.touch(Step.LOOK, EfiAccess.read(PciAccess.size(width), register));
      }
      case LOOK -> {
        firmware.memory().put64(result, call.accessed(0));
        if (delay == 0 || (call.accessed(0) & mask) == value) {
          return EfiStep.done();
        }
        return firmware.counter() >= call.get(Slot.DEADLINE) ? EfiStep.done(EfiStatus.TIMEOUT)
            : new EfiStep.Wait(Step.READ_AGAIN, Math.min(firmware.after(PAUSE), call.get(Slot.DEADLINE)));
      }
      default -> {
        return EfiStep.touch(Step.LOOK, EfiAccess.read(PciAccess.size(width), register));
      }
    }
  }

  private static long deadline(Firmware firmware, long delay) {
    long seconds = Long.divideUnsigned(delay, UNITS);
    if (seconds >= MOST_SECONDS) {
      return firmware.counter() + MOST_SECONDS * firmware.frequency();
    }
    return firmware.counter() + seconds * firmware.frequency() + delay % UNITS * firmware.frequency() / UNITS;
  }
}
