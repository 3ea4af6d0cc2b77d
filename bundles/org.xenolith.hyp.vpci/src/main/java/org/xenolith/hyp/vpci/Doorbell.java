// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.MessageShares;

/**
 * Where a guest has its functions write messages.
 *
 * @param address what the guest is to tell them
 * @param target  what they are told in truth, an address of the guest's, too
 * @param frame   which data is allowed and what becomes of it; null if all is, as it is
 */
record Doorbell(long address, long target, MessageShares.Frame frame) {
  /** GITS_TRANSLATER in the two frames of an ITS (Arm IHI 0069H, 12.19). */
  private static final long TRANSLATER = 0x1_0040;

  /** That of a function's guest: its ITS, or its message frame; null if it has neither. */
  static Doorbell of(GuestFunction function) {
    if (function.guest == null) {
      return null;
    }
    DeviceMessages.Its its = function.around.messages().facts(function.guest.domain);
    if (its != null) {
      long address = its.registers().base() + TRANSLATER;
      return new Doorbell(address, address, null);
    }
    MessageShares.Frame frame = function.around.shares().facts(function.guest.domain);
    return frame == null ? null : new Doorbell(frame.registers().base() + MessageShares.Frame.DOORBELL, frame.target(), frame);
  }

  /** Whether a message of the guest's can be sent. */
  boolean takes(long where, int data) {
    return where == address && (frame == null || frame.data(data) >= 0);
  }

  /** What the hardware writes for a message that it {@link #takes}. */
  int data(int data) {
    return frame == null ? data : frame.data(data);
  }

  /** Why a message isn't taken, for people. */
  static String expected(Doorbell doorbell) {
    if (doorbell == null) {
      return "expected none: the guest has nothing that takes messages";
    }
    return doorbell.frame == null ? "expected the doorbell 0x%x".formatted(doorbell.address)
        : "expected the doorbell 0x%x and %d to %d".formatted(doorbell.address, doorbell.frame.first(),
            doorbell.frame.first() + doorbell.frame.count() - 1);
  }
}
