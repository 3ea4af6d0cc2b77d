// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.MessageTranslation.Message;

/**
 * Where a guest has its functions write messages: a doorbell at an address.
 *
 * @param address what the guest is to tell them
 * @param target  what they are told in truth, an address of the guest's, too
 * @param frame   which data is allowed and what becomes of it; null if all is, as it is
 */
record GuestDoorbell(long address, long target, MessageShares.Frame frame) implements Doorbell {
  /** GITS_TRANSLATER in the two frames of an ITS (Arm IHI 0069H, 12.19). */
  private static final long TRANSLATER = 0x1_0040;

  /** That of a function's guest: its ITS, or its message frame. */
  static Doorbell of(GuestFunction function) {
    if (function.guest == null) {
      return NONE;
    }
    DeviceMessages.Its its = function.around.messages().facts(function.guest.domain);
    if (its != null) {
      long address = its.registers().base() + TRANSLATER;
      return new GuestDoorbell(address, address, null);
    }
    MessageShares.Frame frame = function.around.shares().facts(function.guest.domain);
    return frame == null ? NONE : new GuestDoorbell(frame.registers().base() + MessageShares.Frame.DOORBELL, frame.target(), frame);
  }

  @Override
  public Message message(int number, long where, int data) {
    if (where != address) {
      return null;
    }
    int sent = frame == null ? data : frame.data(data);
    return frame != null && sent < 0 ? null : new Message(target, sent);
  }

  @Override
  public boolean several() {
    return true;
  }

  @Override
  public String expected() {
    return frame == null ? "expected the doorbell 0x%x".formatted(address)
        : "expected the doorbell 0x%x and %d to %d".formatted(address, frame.first(), frame.first() + frame.count() - 1);
  }
}
