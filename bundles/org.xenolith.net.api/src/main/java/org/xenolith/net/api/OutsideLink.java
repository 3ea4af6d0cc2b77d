// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.osgi.annotation.versioning.ConsumerType;

/** What the frames of one card go to outside the machine. Called on any thread; no call blocks. */
@ConsumerType
public interface OutsideLink extends AutoCloseable {
  /**
   * Takes a frame that the guest sent, or drops it if there is no room, and counts that.
   *
   * @param bytes  the caller's again afterwards
   * @param offset of the destination address
   * @param length bytes of the frame, complete (no {@link Offload} is left to do)
   */
  void send(byte[] bytes, int offset, int length);

  /**
   * Work that it does itself, bits of {@link Offload}: frames with these come to {@link #send(byte[], int, int, int, int)} as they are.
   * Always the same.
   */
  default int offloads() {
    return 0;
  }

  /**
   * Takes a frame with work left to do; only called with bits of {@link #offloads}.
   *
   * @param payload most bytes of payload of one segment, for a frame that is many; else 0
   */
  default void send(byte[] bytes, int offset, int length, int offload, int payload) {
    send(bytes, offset, length);
  }

  /** Whether something outside is asked or connected: an idle guest then waits by the host's clock, not by its own. */
  boolean busy();

  /** There is room for frames again: {@link FrameReceiver#frame} had said no. */
  default void room() {}

  /** Frames that were dropped, in either direction, since it was opened. */
  default long dropped() {
    return 0;
  }

  /** What it is connected with, for who looks: a path, an address, how many connections. One line. */
  default String peer() {
    return "";
  }

  /** Ends all connections and threads. It waits for no peer. */
  @Override
  void close();
}
