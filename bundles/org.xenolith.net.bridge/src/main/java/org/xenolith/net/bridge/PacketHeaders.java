// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

/**
 * Where the headers of a frame are, as far as checksums and segmentation need them. Whatever the bytes say, no place is beyond
 * the frame's end. Tags of IEEE 802.1Q are skipped, as are the extension headers of IPv6 that may stand before TCP.
 */
final class PacketHeaders {
  static final int TCP = 6;
  static final int UDP = 17;
  private static final int MOST_EXTENSIONS = 8;

  /** Of the IP header. */
  int network;
  boolean ipv6;
  int protocol;
  /** Of the TCP or UDP header. */
  int transport;
  /** Behind the IP packet: a short frame may be padded. */
  int end;

  /** Looks. @return false if this isn't whole TCP or UDP over IP */
  boolean parse(byte[] bytes, int length) {
    int at = 12;
    int type = half(bytes, at);
    for (int tags = 0; tags < 2 && (type == 0x8100 || type == 0x88A8); tags++) {
      at += 4;
      if (at + 2 > length) {
        return false;
      }
      type = half(bytes, at);
    }
    network = at + 2;
    ipv6 = type == 0x86DD;
    return (ipv6 ? six(bytes, length) : type == 0x0800 && four(bytes, length)) && transportFits();
  }

  private boolean four(byte[] bytes, int length) {
    if (network + 20 > length || bytes[network] >>> 4 != 4) {
      return false;
    }
    int header = (bytes[network] & 0xF) * 4;
    int total = half(bytes, network + 2);
    boolean fragment = (half(bytes, network + 6) & 0x3FFF) != 0;
    protocol = bytes[network + 9] & 0xFF;
    transport = network + header;
    end = network + total;
    return header >= 20 && total >= header && end <= length && !fragment;
  }

  private boolean six(byte[] bytes, int length) {
    if (network + 40 > length || (bytes[network] >>> 4 & 0xF) != 6) {
      return false;
    }
    end = network + 40 + half(bytes, network + 4);
    if (end > length) {
      return false;
    }
    protocol = bytes[network + 6] & 0xFF;
    transport = network + 40;
    // Hop-by-hop, routing and destination options: next header, then length in units of 8 bytes less one.
    for (int i = 0; i < MOST_EXTENSIONS && (protocol == 0 || protocol == 43 || protocol == 60); i++) {
      if (transport + 8 > end) {
        return false;
      }
      protocol = bytes[transport] & 0xFF;
      transport += 8 + (bytes[transport + 1] & 0xFF) * 8;
    }
    return true;
  }

  private boolean transportFits() {
    return protocol == TCP && transport + 20 <= end || protocol == UDP && transport + 8 <= end;
  }

  static int half(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  static void half(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }
}
