// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.net;

import org.xenolith.machine.api.ModelException;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.platform.api.PlatformNode;

/** The Ethernet address of a card, as its node says it, or made of the node's path: the same in each run. */
final class CardAddress {
  static final int LENGTH = 6;
  private static final int GROUP = 1;
  private static final int LOCAL = 2;

  private CardAddress() {}

  static byte[] of(PlatformNode node) {
    byte[] address = node.property(NetworkNodes.ADDRESS).map(property -> property.value()).orElseGet(() -> made(node.path()));
    if (address.length != LENGTH || (address[0] & GROUP) != 0) {
      throw new ModelException(node.path() + "." + NetworkNodes.ADDRESS + ": expected six bytes, not of a group, got "
          + java.util.HexFormat.ofDelimiter(":").formatHex(address));
    }
    return address;
  }

  /** Locally administered (IEEE 802, 8.4). */
  private static byte[] made(String path) {
    int hash = path.hashCode();
    return new byte[] {LOCAL, 0, (byte) (hash >>> 24), (byte) (hash >>> 16), (byte) (hash >>> 8), (byte) hash};
  }
}
