// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.octet;
import static org.xenolith.net.user.HeaderFields.word;

/** The header of a segment from the guest (RFC 9293 3.1) and where its bytes are. */
final class TcpSegment {
  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int PSH = 0x08;
  static final int ACK = 0x10;
  /** For who names no size (RFC 9293 3.7.1), and the least that is taken seriously. */
  private static final int USUAL_SIZE4 = 536;
  private static final int USUAL_SIZE6 = 1220;
  private static final int LEAST_SIZE = 64;
  private static final int MOST_SCALE = 14;

  byte[] bytes = new byte[0];
  int sequence;
  int acknowledged;
  int flags;
  /** As it stands there, not scaled. */
  int window;
  int data;
  int length;
  int sourcePort;
  int destinationPort;

  /** Of a SYN: most bytes of payload that the guest takes in a segment. */
  int maximum;
  /** Of a SYN: by how many bits its windows are scaled (RFC 7323 2), -1 if it doesn't know that. */
  int scale;

  /** Looks. @return false if this isn't a whole segment */
  boolean parse(IpPacket packet) {
    bytes = packet.bytes;
    int at = packet.payload;
    if (packet.length() < InternetProtocol.TCP_HEADER) {
      return false;
    }
    data = at + (octet(bytes, at + 12) >>> 4) * 4;
    if (data < at + InternetProtocol.TCP_HEADER || data > packet.end) {
      return false;
    }
    sourcePort = half(bytes, at);
    destinationPort = half(bytes, at + 2);
    sequence = word(bytes, at + 4);
    acknowledged = word(bytes, at + 8);
    flags = octet(bytes, at + 13) & 0x3F;
    window = half(bytes, at + 14);
    length = packet.end - data;
    if (has(SYN)) {
      options(at + InternetProtocol.TCP_HEADER, packet.source.isFour() ? USUAL_SIZE4 : USUAL_SIZE6);
    }
    return true;
  }

  private void options(int from, int usual) {
    maximum = usual;
    scale = -1;
    for (int at = from; at < data && octet(bytes, at) != 0;) {
      if (octet(bytes, at) == 1) {
        at++;
        continue;
      }
      if (at + 2 > data || octet(bytes, at + 1) < 2 || at + octet(bytes, at + 1) > data) {
        return;
      }
      int size = octet(bytes, at + 1);
      if (octet(bytes, at) == 2 && size == 4) {
        maximum = Math.max(half(bytes, at + 2), LEAST_SIZE);
      } else if (octet(bytes, at) == 3 && size == 3) {
        scale = Math.min(octet(bytes, at + 2), MOST_SCALE);
      }
      at += size;
    }
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** What it takes of the sequence: its bytes, and one each for SYN and FIN. */
  int sequenceLength() {
    return length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
  }
}
