// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import org.xenolith.net.api.EthernetPort;

/**
 * Frames with a segment of TCP (RFC 9293), over IPv4 or IPv6 without tags and extension headers, as far as who is in the place of a
 * network that isn't there must know them: it refuses, or asks whether a connection is still there.
 */
public final class TcpFrame {
  /** Flags of a segment. */
  public static final int FIN = 1;
  public static final int SYN = 2;
  public static final int RST = 4;
  public static final int ACK = 16;
  /** Bytes of a TCP header without options. */
  public static final int HEADER = 20;

  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86DD;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int TCP = 6;
  private static final int HOPS = 64;
  private static final byte[] NOTHING = {};

  private TcpFrame() {}

  /** Where in a frame the header of its segment is; -1 if it has none, or not the first part of one. */
  public static int header(byte[] bytes, int offset, int length) {
    int ip = offset + EthernetPort.HEADER;
    int at = -1;
    if (length >= EthernetPort.HEADER + IPV4_HEADER && half(bytes, offset + 12) == IPV4) {
      boolean first = (half(bytes, ip + 6) & 0x1FFF) == 0;
      at = bytes[ip] >> 4 == 4 && bytes[ip + 9] == TCP && first ? ip + (bytes[ip] & 15) * 4 : -1;
    } else if (length >= EthernetPort.HEADER + IPV6_HEADER && half(bytes, offset + 12) == IPV6) {
      at = bytes[ip + 6] == TCP ? ip + IPV6_HEADER : -1;
    }
    return at >= ip + IPV4_HEADER && at + HEADER <= offset + length ? at : -1;
  }

  /** Flags of the segment whose header is there. */
  public static int flags(byte[] bytes, int header) {
    return bytes[header + 13] & 0xFF;
  }

  /** A word of a header. */
  public static int word(byte[] bytes, int at) {
    return half(bytes, at) << 16 | half(bytes, at + 2);
  }

  /** The addresses of a frame with a segment, source and destination: where they begin. */
  public static int addresses(byte[] bytes, int offset) {
    return offset + EthernetPort.HEADER + (half(bytes, offset + 12) == IPV4 ? 12 : 8);
  }

  /** And how long both are together. */
  public static int addressesLength(byte[] bytes, int offset) {
    return half(bytes, offset + 12) == IPV4 ? 8 : 32;
  }

  /**
   * The frame by which nobody answers who isn't there: a reset (RFC 9293 3.10.7.1).
   *
   * @return empty for what is answered by nothing: a reset, something else than TCP, what was sent to a group
   */
  public static byte[] refusal(byte[] bytes, int offset, int length) {
    int header = header(bytes, offset, length);
    if (header < 0 || (bytes[offset] & 1) != 0 || (flags(bytes, header) & RST) != 0) {
      return NOTHING;
    }
    int flags = flags(bytes, header);
    if ((flags & ACK) != 0) {
      return answer(bytes, offset, header, word(bytes, header + 8), 0, RST);
    }
    int counted = end(bytes, offset, length) - header - (bytes[header + 12] >>> 4 & 15) * 4 + (flags & FIN) + ((flags & SYN) >> 1);
    return answer(bytes, offset, header, 0, word(bytes, header + 4) + counted, RST | ACK);
  }

  /** Where the segment ends: short frames may be filled up. */
  private static int end(byte[] bytes, int offset, int length) {
    int ip = offset + EthernetPort.HEADER;
    boolean four = half(bytes, offset + 12) == IPV4;
    int end = four ? ip + half(bytes, ip + 2) : ip + IPV6_HEADER + half(bytes, ip + 4);
    return Math.min(end, offset + length);
  }

  /** A frame from who another one was sent to, to who sent it, with a segment that has no bytes and a window of none. */
  public static byte[] answer(byte[] bytes, int offset, int header, int sequence, int acknowledged, int flags) {
    boolean four = half(bytes, offset + 12) == IPV4;
    int ip = EthernetPort.HEADER;
    int tcp = ip + (four ? IPV4_HEADER : IPV6_HEADER);
    byte[] frame = new byte[tcp + HEADER];
    System.arraycopy(bytes, offset + 6, frame, 0, 6);
    System.arraycopy(bytes, offset, frame, 6, 6);
    half(frame, 12, four ? IPV4 : IPV6);
    int addresses = ip + (four ? 12 : 8);
    int size = four ? 4 : 16;
    System.arraycopy(bytes, offset + addresses + size, frame, addresses, size);
    System.arraycopy(bytes, offset + addresses, frame, addresses + size, size);
    if (four) {
      frame[ip] = 0x45;
      half(frame, ip + 2, IPV4_HEADER + HEADER);
      frame[ip + 8] = HOPS;
      frame[ip + 9] = TCP;
      half(frame, ip + 10, ~sum(frame, ip, tcp, 0));
    } else {
      frame[ip] = 0x60;
      half(frame, ip + 4, HEADER);
      frame[ip + 6] = TCP;
      frame[ip + 7] = HOPS;
    }
    System.arraycopy(bytes, header + 2, frame, tcp, 2);
    System.arraycopy(bytes, header, frame, tcp + 2, 2);
    half(frame, tcp + 4, sequence >>> 16);
    half(frame, tcp + 6, sequence);
    half(frame, tcp + 8, acknowledged >>> 16);
    half(frame, tcp + 10, acknowledged);
    frame[tcp + 12] = HEADER / 4 << 4;
    frame[tcp + 13] = (byte) flags;
    half(frame, tcp + 16, ~sum(frame, addresses, tcp + HEADER, TCP + HEADER));
    return frame;
  }

  private static int half(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private static void half(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  /** The sum in ones' complement (RFC 1071) of an even number of bytes, on top of an earlier one. */
  private static int sum(byte[] bytes, int from, int to, int start) {
    int sum = start;
    for (int at = from; at < to; at += 2) {
      sum += half(bytes, at);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return sum;
  }
}
