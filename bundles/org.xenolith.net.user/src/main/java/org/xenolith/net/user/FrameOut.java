// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

/** Where the gateway's frames go. */
interface FrameOut {
  /** Takes a frame; the bytes are the caller's again afterwards. Without room the frame waits, up to a bound, or is dropped. */
  default void frame(byte[] bytes, int length) {
    frame(bytes, length, 0, 0);
  }

  /** Takes a frame with work left to do ({@code Offload}); one that is many segments has so many bytes of payload in each. */
  void frame(byte[] bytes, int length, int offload, int payload);

  /** Whether frames that are many segments of TCP are cheaper than single ones. */
  default boolean takesMany() {
    return false;
  }

  /** Whether frames go on at once. Who has much to send asks, and waits until it is told ({@link UserGateway#room}). */
  boolean ready();
}
