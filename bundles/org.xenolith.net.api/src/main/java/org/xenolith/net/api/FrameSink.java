// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Where a station takes frames. */
@ConsumerType
public interface FrameSink {
  /**
   * A frame arrives; who has no room drops it. May send, which is delivered later, never inside this call.
   *
   * @param bytes   valid during the call only
   * @param offset  of the destination address
   * @param length  bytes of the frame, at least {@link EthernetPort#HEADER}
   * @param offload bits of {@link Offload}: none that this doesn't take
   * @param segment most bytes of payload of one segment, for a frame that is many; else 0
   */
  void frame(byte[] bytes, int offset, int length, int offload, int segment);

  /** What it takes: bits of {@link Offload}. */
  default int offloads() {
    return 0;
  }

  /** Frames that it has room for now, for who can wait; {@link Integer#MAX_VALUE} if it drops none for want of room, or takes none anyway. */
  default int free() {
    return Integer.MAX_VALUE;
  }

  /** Frames that it has room for while none waits. */
  default int room() {
    return Integer.MAX_VALUE;
  }

  /** The link came up or went down: {@link StationPort#up} has changed. Not told of a switch that takes over from another. */
  default void carrierChanged() {}
}
