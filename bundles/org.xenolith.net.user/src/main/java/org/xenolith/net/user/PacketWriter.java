// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

import org.xenolith.net.api.Offload;

/**
 * Makes the frames of packets to the guest. Who sends begins one, writes the payload at the place it is told, and ends it; what is
 * larger than the link takes goes in fragments.
 */
final class PacketWriter {
  private static final int HOPS = 64;
  /** Of neighbour discovery, which nobody may have forwarded (RFC 4861 4.2). */
  private static final int HOPS_ON_LINK = 255;

  /** The frame that is made; room for any IP packet. */
  final byte[] bytes = new byte[InternetProtocol.ETHERNET_HEADER + InternetProtocol.IPV6_HEADER + 0xFFFF];
  private final byte[] fragment = new byte[InternetProtocol.ETHERNET_HEADER + InternetProtocol.MTU];
  private final Neighbors neighbors;
  private final FrameOut out;
  private InternetAddress from = InternetAddress.UNSPECIFIED4;
  private InternetAddress to = InternetAddress.UNSPECIFIED4;
  private int protocol;
  private int payload;
  private int identification = 1;
  /** Whether the packet that is made is neighbour discovery. */
  private boolean onLink;
  private boolean fragmenting;

  PacketWriter(Neighbors neighbors, FrameOut out) {
    this.neighbors = neighbors;
    this.out = out;
  }

  /** Begins a packet. @return where its payload begins in {@link #bytes} */
  int begin(InternetAddress newFrom, InternetAddress newTo, int newProtocol) {
    from = newFrom;
    to = newTo;
    protocol = newProtocol;
    payload = InternetProtocol.ETHERNET_HEADER + (to.isFour() ? InternetProtocol.IPV4_HEADER : InternetProtocol.IPV6_HEADER);
    return payload;
  }

  /**
   * Ends the packet and sends it.
   *
   * @param length bytes of payload
   * @param sumAt  where in the payload its checksum is, -1 if it is over there already
   */
  void end(int length, int sumAt) {
    end(length, sumAt, neighbors.station(to));
  }

  /** The same to a station that is known without asking; a negative one isn't, and the frame waits for it. */
  void end(int length, int sumAt, long station) {
    if (sumAt >= 0) {
      half(bytes, payload + sumAt, 0);
      boolean plain = protocol == InternetProtocol.ICMP;
      int sum = ~HeaderFields.sum(bytes, payload, payload + length, plain ? 0 : HeaderFields.pseudoSum(from, to, protocol, length))
          & 0xFFFF;
      half(bytes, payload + sumAt, sum == 0 && protocol == InternetProtocol.UDP ? 0xFFFF : sum);
    }
    if (payload - InternetProtocol.ETHERNET_HEADER + length > InternetProtocol.MTU) {
      fragments(length, station);
    } else {
      header(bytes, length, 0, station);
      send(bytes, payload + length, station);
    }
  }

  /**
   * Ends a packet of TCP that is to become many segments where the card takes no more.
   *
   * @param length bytes of header and data
   * @param size   most bytes of data in each
   */
  void endMany(int length, int size) {
    long station = neighbors.station(to);
    if (station >= 0) {
      header(bytes, length, 0, station);
      out.frame(bytes, payload + length, to.isFour() ? Offload.TCP4 : Offload.TCP6, size);
    }
  }

  private void send(byte[] frame, int length, long station) {
    if (station < 0) {
      neighbors.hold(to, frame, length);
    } else {
      out.frame(frame, length);
    }
  }

  /** @param place IPv4's flags and offset of a fragment, 0 for a whole packet */
  private void header(byte[] frame, int length, int place, long station) {
    ethernet(frame, station, to.isFour() ? InternetProtocol.IPV4 : InternetProtocol.IPV6);
    int at = InternetProtocol.ETHERNET_HEADER;
    if (to.isFour()) {
      half(frame, at, 0x4500);
      half(frame, at + 2, InternetProtocol.IPV4_HEADER + length);
      half(frame, at + 4, identification);
      half(frame, at + 6, place);
      half(frame, at + 8, HOPS << 8 | protocol);
      half(frame, at + 10, 0);
      from.write(frame, at + 12);
      to.write(frame, at + 16);
      half(frame, at + 10, ~HeaderFields.sum(frame, at, at + InternetProtocol.IPV4_HEADER, 0));
      identification += (place & 0x2000) == 0 ? 1 : 0;
    } else {
      word(frame, at, 0x6000_0000);
      half(frame, at + 4, length);
      half(frame, at + 6, (fragmenting ? InternetProtocol.FRAGMENT : protocol) << 8 | (onLink ? HOPS_ON_LINK : HOPS));
      from.write(frame, at + 8);
      to.write(frame, at + 24);
    }
  }

  /** Ends a message of neighbour discovery. */
  void endOnLink(int length, int sumAt, long station) {
    onLink = true;
    end(length, sumAt, station);
    onLink = false;
  }

  private void fragments(int length, long station) {
    boolean four = to.isFour();
    int head = four ? payload : payload + 8;
    int most = InternetProtocol.ETHERNET_HEADER + InternetProtocol.MTU - head & ~7;
    int number = identification;
    fragmenting = true;
    for (int at = 0; at < length; at += most) {
      int part = Math.min(most, length - at);
      boolean more = at + part < length;
      header(fragment, part + head - payload, four ? at / 8 | (more ? 0x2000 : 0) : 0, station);
      if (!four) {
        half(fragment, payload, protocol << 8);
        half(fragment, payload + 2, at | (more ? 1 : 0));
        word(fragment, payload + 4, number);
      }
      System.arraycopy(bytes, payload + at, fragment, head, part);
      send(fragment, head + part, station);
    }
    fragmenting = false;
    if (!four) {
      identification++;
    }
  }

  static void ethernet(byte[] frame, long station, int type) {
    HeaderFields.station(frame, 0, station);
    HeaderFields.station(frame, 6, AddressPlan.STATION);
    half(frame, 12, type);
  }
}
