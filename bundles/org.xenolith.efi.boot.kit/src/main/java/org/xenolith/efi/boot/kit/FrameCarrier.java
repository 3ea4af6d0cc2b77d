// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * The part of a network interface that differs from device to device: how frames come and go ({@link SimpleNetwork} is what all do alike). What a device says
 * is believed by nobody: whoever carries for it throws an {@link org.xenolith.efi.boot.api.EfiError} DEVICE_ERROR once it has lied. {@code place} is always the
 * address of the interface.
 */
public interface FrameCarrier {
  /**
   * A frame that has come.
   *
   * @param address of its first byte
   * @param length  bytes, at most {@link FrameBuffers#ROOM}; less than a header: there is none, and the place has to be taken nevertheless
   */
  record Arrival(long address, int length) {}

  /** Begins to carry frames. What came before is lost. The result of the step behind it is a status. */
  EfiStep open(Call call, Enum<?> next, long place);

  /** Carries no more. What was under way is lost, in both directions. */
  EfiStep close(Call call, Enum<?> next, long place);

  /** How many frames may be sent at the same time, at most {@link FrameBuffers#SENDING}. */
  int sendable(Firmware firmware, long place);

  /** Sends the frame in one of the interface's places for that. The result is a status. */
  EfiStep send(Call call, Enum<?> next, long place, int slot, int length);

  /** Place of the first frame that was sent and not taken since; -1: there is none. */
  int sent(Firmware firmware, long place);

  /** It is taken. */
  void takeSent(Firmware firmware, long place);

  /** The first frame that has come and wasn't taken since; null: there is none. */
  Arrival arrived(Firmware firmware, long place);

  /** It is taken: another frame may come in its place. The result is a status. */
  EfiStep takeArrived(Call call, Enum<?> next, long place);

  /** The device couldn't be told of a frame that it is to send, or of room for one that may come: it is to be told with the next one. */
  void untold(Firmware firmware, long place);

  /** Finds out whether a cable is plugged in; asked if the interface says that this can be found out. The result is 1 or 0, or a negative status. */
  EfiStep medium(Call call, Enum<?> next, long place);
}
