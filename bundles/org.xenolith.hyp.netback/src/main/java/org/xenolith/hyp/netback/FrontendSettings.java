// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.net.api.Offload;

/**
 * What a front end wrote into the store about itself.
 *
 * @param transmitRef  grant of the page of the transmit ring
 * @param receiveRef   grant of the page of the receive ring
 * @param transmitPort the front end's port for the transmit ring
 * @param receivePort  its port for the receive ring; the same unless it has two
 * @param offloads     bits of {@link Offload} that it takes
 * @param scatters     whether it takes frames in several pages
 * @param filters      whether it wants group addresses to be filtered
 * @param segment      name of the segment that the interface is plugged into
 */
record FrontendSettings(int transmitRef, int receiveRef, int transmitPort, int receivePort, int offloads, boolean scatters,
    boolean filters, String segment) {
  /** Where an interface is plugged in if its tools don't say. */
  private static final String DEFAULT_SEGMENT = "xenbr0";

  /** @throws IllegalArgumentException with a message for people if what is there can't be served */
  static FrontendSettings read(StorePort store, Backend device) {
    String front = device.frontend();
    if (number(store, front + "/request-rx-copy", 0) == 0) {
      throw new IllegalArgumentException("the front end doesn't ask for request-rx-copy; nothing else is served");
    }
    if (number(store, front + "/multi-queue-num-queues", 1) != 1) {
      throw new IllegalArgumentException("the front end wants several queues; one is served");
    }
    // Who drives the domain first (a boot loader) may leave a node of the other kind behind.
    boolean split = store.read(front + "/event-channel-tx") != null && store.read(front + "/event-channel-rx") != null;
    boolean scatters = number(store, front + "/feature-sg", 0) != 0;
    int offloads = number(store, front + "/feature-no-csum-offload", 0) == 0 ? Offload.CHECKSUM : 0;
    offloads |= number(store, front + "/feature-ipv6-csum-offload", 0) != 0 ? Offload.CHECKSUM6 : 0;
    if (scatters && (offloads & Offload.CHECKSUM) != 0 && number(store, front + "/feature-gso-tcpv4", 0) != 0) {
      offloads |= Offload.TCP4;
    }
    if (scatters && (offloads & Offload.CHECKSUM6) != 0 && number(store, front + "/feature-gso-tcpv6", 0) != 0) {
      offloads |= Offload.TCP6;
    }
    String segment = store.read(device.path() + "/bridge");
    return new FrontendSettings((int) number(store, front + "/tx-ring-ref", -1), (int) number(store, front + "/rx-ring-ref", -1),
        (int) number(store, front + (split ? "/event-channel-tx" : "/event-channel"), -1),
        (int) number(store, front + (split ? "/event-channel-rx" : "/event-channel"), -1), offloads, scatters,
        number(store, front + "/request-multicast-control", 0) != 0,
        segment == null || segment.isEmpty() ? DEFAULT_SEGMENT : segment);
  }

  /** A node's number, less than 2^32. @param otherwise if it isn't there; -1 for one that must be */
  private static long number(StorePort store, String path, long otherwise) {
    String text = store.read(path);
    if (text == null && otherwise >= 0) {
      return otherwise;
    }
    if (text == null || !text.matches("[0-9]{1,10}") || Long.parseLong(text) > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(path + (text == null ? " is missing" : " isn't a number"));
    }
    return Long.parseLong(text);
  }
}
