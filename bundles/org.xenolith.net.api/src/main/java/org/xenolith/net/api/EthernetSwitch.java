// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries frames between the stations of each segment; the provider behind {@link EthernetPort}. Whom it delivers to may
 * send: delivery happens later than {@link #send}, in the order of sending. What a station can find out about it (addresses
 * learned, frames on their way) is state. Stations that are there before it: {@link EthernetPort#stations}.
 */
@ConsumerType
public interface EthernetSwitch {
  /** A station joined, or another object took its place (same name, same segment). */
  void joined(StationPort station);

  /** A station left. */
  void left(StationPort station);

  /** Takes a frame from a station, or drops it if there is no room. The bytes are the sender's again afterwards. */
  void send(StationPort from, byte[] bytes, int offset, int length, int offload, int segment);
}
