// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import static org.xenolith.net.bridge.PacketHeaders.half;

import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.Offload;

/** Does for a receiver what the sender left to do and the receiver doesn't take: checksums (RFC 1071) and segments of TCP. */
final class Completion {
  /** Most segments of one frame; who wants more (of less than 48 bytes each) means no good. */
  private static final int MOST_SEGMENTS = 1400;
  private static final int FIN_AND_PUSH = 0x09;
  private static final int CWR = 0x80;

  private final PacketHeaders headers = new PacketHeaders();
  private final byte[] copy = new byte[EthernetPort.MOST];

  /** Delivers a frame that begins at index 0, in a form that the station takes; drops it if that can't be made. */
  void deliver(StationPort to, byte[] bytes, int length, int offload, int payload) {
    int many = offload & (Offload.TCP4 | Offload.TCP6);
    if ((offload & Offload.CHECKSUM) == 0 && many == 0) {
      to.deliver(bytes, 0, length, offload & Offload.VALIDATED, 0);
      return;
    }
    int takes = to.offloads();
    if ((takes & Offload.CHECKSUM) != 0 && (takes & Offload.CHECKSUM6) != 0 && (takes & many) == many) {
      to.deliver(bytes, 0, length, offload, payload);
      return;
    }
    if (!headers.parse(bytes, length)) {
      // Nothing to complete: who set the bits knows what it is, who can't take them can't use it.
      return;
    }
    boolean sums = (takes & (headers.ipv6 ? Offload.CHECKSUM6 : Offload.CHECKSUM)) != 0;
    if (sums && (takes & many) == many) {
      to.deliver(bytes, 0, length, offload, payload);
    } else if (many == 0) {
      System.arraycopy(bytes, 0, copy, 0, length);
      fill(copy, headers.end);
      to.deliver(copy, 0, length, Offload.VALIDATED, 0);
    } else {
      segments(to, bytes, payload);
    }
  }

  private void segments(StationPort to, byte[] bytes, int payload) {
    if (headers.protocol != PacketHeaders.TCP) {
      return;
    }
    int transport = headers.transport;
    int data = transport + (bytes[transport + 12] >>> 4 & 0xF) * 4;
    int end = headers.end;
    if (data < transport + 20 || data > end || payload <= 0 || (end - data) / payload >= MOST_SEGMENTS) {
      return;
    }
    int identification = half(bytes, headers.network + 4);
    int sequence = half(bytes, transport + 4) << 16 | half(bytes, transport + 6);
    int flags = bytes[transport + 13];
    System.arraycopy(bytes, 0, copy, 0, data);
    int at = data;
    for (int i = 0; to.joined() && (i == 0 || at < end); i++) {
      int part = Math.min(payload, end - at);
      int size = data + part;
      System.arraycopy(bytes, at, copy, data, part);
      if (headers.ipv6) {
        half(copy, headers.network + 4, size - headers.network - 40);
      } else {
        half(copy, headers.network + 2, size - headers.network);
        half(copy, headers.network + 4, identification + i);
        half(copy, headers.network + 10, 0);
        half(copy, headers.network + 10, ~sum(copy, headers.network, transport, 0));
      }
      half(copy, transport + 4, sequence + at - data >>> 16);
      half(copy, transport + 6, sequence + at - data);
      boolean last = at + part == end;
      copy[transport + 13] = (byte) (flags & ~(last ? 0 : FIN_AND_PUSH) & ~(i == 0 ? 0 : CWR));
      fill(copy, size);
      to.deliver(copy, 0, size, Offload.VALIDATED, 0);
      at += part;
    }
  }

  /** Fills the checksum of TCP or UDP in, over a packet that ends there. */
  private void fill(byte[] bytes, int end) {
    int field = headers.transport + (headers.protocol == PacketHeaders.TCP ? 16 : 6);
    half(bytes, field, 0);
    int addresses = headers.network + (headers.ipv6 ? 8 : 12);
    int pseudo = sum(bytes, addresses, addresses + (headers.ipv6 ? 32 : 8), headers.protocol);
    int length = end - headers.transport;
    int sum = ~sum(bytes, headers.transport, end, pseudo + (length >>> 16) + (length & 0xFFFF)) & 0xFFFF;
    // UDP: 0 would mean that there is none.
    half(bytes, field, sum == 0 && headers.protocol == PacketHeaders.UDP ? 0xFFFF : sum);
  }

  /** The sum in ones' complement, 16 bits. */
  private static int sum(byte[] bytes, int from, int to, int start) {
    long sum = start;
    int at = from;
    for (; at + 1 < to; at += 2) {
      sum += half(bytes, at);
    }
    if (at < to) {
      sum += (bytes[at] & 0xFF) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return (int) sum;
  }
}
