// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.octet;

/**
 * An IP packet that came from the guest, as far as it was looked at: where its payload is and who sent it. Whatever the bytes say, no
 * place is beyond the packet's end. IPv4 is RFC 791, IPv6 RFC 8200.
 */
final class IpPacket {
  private static final int MOST_EXTENSIONS = 8;

  byte[] bytes = new byte[0];
  /** Of the IP header. */
  int start;
  /** Of TCP's, UDP's or ICMP's header, or of the fragment's bytes. */
  int payload;
  /** Behind the packet; a short frame may be padded. */
  int end;
  int protocol;
  int hops;
  /** Whether the checksum of TCP or UDP isn't to be looked at. */
  boolean trusted;
  InternetAddress source = InternetAddress.UNSPECIFIED4;
  InternetAddress destination = InternetAddress.UNSPECIFIED4;

  boolean fragment;
  boolean moreFragments;
  /** Where the fragment's bytes belong in the whole packet's payload. */
  int fragmentOffset;
  int identification;

  /** Looks. @return false if this isn't a whole packet of that version */
  boolean parse(byte[] frame, int at, int length, boolean six) {
    bytes = frame;
    start = at;
    fragment = false;
    moreFragments = false;
    return six ? six(length) : four(length);
  }

  private boolean four(int length) {
    if (start + InternetProtocol.IPV4_HEADER > length || octet(bytes, start) >>> 4 != 4) {
      return false;
    }
    int header = (octet(bytes, start) & 0xF) * 4;
    payload = start + header;
    end = start + half(bytes, start + 2);
    if (header < InternetProtocol.IPV4_HEADER || end < payload || end > length || HeaderFields.sum(bytes, start, payload, 0) != 0xFFFF) {
      return false;
    }
    hops = octet(bytes, start + 8);
    protocol = octet(bytes, start + 9);
    source = InternetAddress.four(bytes, start + 12);
    destination = InternetAddress.four(bytes, start + 16);
    int place = half(bytes, start + 6);
    if ((place & 0x3FFF) != 0) {
      fragment(half(bytes, start + 4), (place & 0x1FFF) * 8, (place & 0x2000) != 0);
    }
    return true;
  }

  private boolean six(int length) {
    if (start + InternetProtocol.IPV6_HEADER > length || octet(bytes, start) >>> 4 != 6) {
      return false;
    }
    payload = start + InternetProtocol.IPV6_HEADER;
    end = payload + half(bytes, start + 4);
    if (end > length) {
      return false;
    }
    protocol = octet(bytes, start + 6);
    hops = octet(bytes, start + 7);
    source = InternetAddress.six(bytes, start + 8);
    destination = InternetAddress.six(bytes, start + 24);
    return !source.isFour() && !destination.isFour() && extensions();
  }

  /** Skips hop-by-hop, routing and destination options: next header, then length in units of 8 bytes less one. Ends at a fragment. */
  private boolean extensions() {
    for (int i = 0; i < MOST_EXTENSIONS; i++) {
      if (protocol == InternetProtocol.FRAGMENT && !fragment) {
        if (payload + 8 > end) {
          return false;
        }
        int place = half(bytes, payload + 2);
        protocol = octet(bytes, payload);
        fragment(HeaderFields.word(bytes, payload + 4), place & 0xFFF8, (place & 1) != 0);
        payload += 8;
        // One that is all there is (an "atomic" fragment) is read on like any other packet, RFC 8200 4.5.
        fragment = fragmentOffset != 0 || moreFragments;
        return !fragment || protocol == InternetProtocol.UDP || protocol == InternetProtocol.ICMPV6 || protocol == InternetProtocol.TCP;
      }
      if (protocol != 0 && protocol != 43 && protocol != 60) {
        return true;
      }
      if (payload + 8 > end) {
        return false;
      }
      protocol = octet(bytes, payload);
      payload += 8 + octet(bytes, payload + 1) * 8;
      if (payload > end) {
        return false;
      }
    }
    return false;
  }

  private void fragment(int newIdentification, int offset, boolean more) {
    fragment = true;
    identification = newIdentification;
    fragmentOffset = offset;
    moreFragments = more;
  }

  /** A packet put together from fragments takes the place of its last one. */
  void whole(byte[] joined, int length) {
    bytes = joined;
    payload = 0;
    end = length;
    start = -1;
    fragment = false;
  }

  int length() {
    return end - payload;
  }

  /** Whether the checksum over the pseudo header and the payload is right. */
  boolean sumIsRight() {
    boolean mayTrust = protocol == InternetProtocol.TCP || protocol == InternetProtocol.UDP;
    return trusted && mayTrust || HeaderFields.sum(bytes, payload, end, HeaderFields.pseudoSum(source, destination, protocol, length()))
        == 0xFFFF;
  }
}
