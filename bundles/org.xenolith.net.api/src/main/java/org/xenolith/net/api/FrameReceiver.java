// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.osgi.annotation.versioning.ProviderType;

/** Takes frames for the machine, on any thread. */
@ProviderType
public interface FrameReceiver {
  /**
   * Takes a complete frame.
   *
   * @param bytes  the caller's again afterwards
   * @param length {@link EthernetPort#HEADER} to {@link EthernetPort#MOST} bytes; others are dropped
   * @return false if there is no room now: the sender keeps the frame and tries again when {@link OutsideLink#room} is called
   */
  boolean frame(byte[] bytes, int offset, int length);

  /**
   * Takes a frame with work left to do: one of TCP may be up to {@link EthernetPort#MOST} bytes, which are split for a card that doesn't
   * take it so.
   *
   * @param offload bits of {@link Offload}
   * @param payload most bytes of payload of one segment, for a frame that is many; else 0
   */
  boolean frame(byte[] bytes, int offset, int length, int offload, int payload);

  /** Says something to who runs the machine, a line: a peer came or went. */
  void say(String text);
}
