// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

/** Makes segments to the guest. */
final class TcpWriter {
  private static final int SUM = 16;
  /** Bits by which our windows are scaled: 64 KiB is little, 8 MiB more than is ever offered. */
  static final int SCALE = 7;

  private final PacketWriter writer;
  private long segments;

  TcpWriter(PacketWriter writer) {
    this.writer = writer;
  }

  /** Most bytes of a segment on this link, as an option names it. */
  static int maximum(boolean four) {
    return InternetProtocol.MTU - InternetProtocol.TCP_HEADER - (four ? InternetProtocol.IPV4_HEADER : InternetProtocol.IPV6_HEADER);
  }

  /** A segment, or many of a size in one frame, with bytes of a ring, from a place in it on. */
  void send(TcpFlow flow, int sequence, int acknowledged, int flags, int window, ByteRing ring, int from, int length, int size) {
    int at = begin(flow, sequence, acknowledged, flags, window);
    ring.copy(from, writer.bytes, at + InternetProtocol.TCP_HEADER, length);
    writer.bytes[at + 12] = InternetProtocol.TCP_HEADER / 4 << 4;
    if (length > size) {
      writer.endMany(InternetProtocol.TCP_HEADER + length, size);
    } else {
      writer.end(InternetProtocol.TCP_HEADER + length, SUM);
    }
  }

  /** A segment without bytes. */
  void send(TcpFlow flow, int sequence, int acknowledged, int flags, int window) {
    int at = begin(flow, sequence, acknowledged, flags, window);
    writer.bytes[at + 12] = InternetProtocol.TCP_HEADER / 4 << 4;
    writer.end(InternetProtocol.TCP_HEADER, SUM);
  }

  /** A SYN, with our size of segments and, if that is meant, the scale of our windows. */
  void synchronize(TcpFlow flow, int sequence, int acknowledged, int flags, int window, boolean scale) {
    int at = begin(flow, sequence, acknowledged, flags, window);
    int length = InternetProtocol.TCP_HEADER + 4 + (scale ? 4 : 0);
    word(writer.bytes, at + InternetProtocol.TCP_HEADER, 0x0204_0000 | maximum(flow.guest().isFour()));
    if (scale) {
      word(writer.bytes, at + InternetProtocol.TCP_HEADER + 4, 0x0103_0300 | SCALE);
    }
    writer.bytes[at + 12] = (byte) (length / 4 << 4);
    writer.end(length, SUM);
  }

  private int begin(TcpFlow flow, int sequence, int acknowledged, int flags, int window) {
    segments++;
    int at = writer.begin(flow.remote(), flow.guest(), InternetProtocol.TCP);
    byte[] bytes = writer.bytes;
    half(bytes, at, flow.remotePort());
    half(bytes, at + 2, flow.guestPort());
    word(bytes, at + 4, sequence);
    word(bytes, at + 8, acknowledged);
    half(bytes, at + 12, flags);
    half(bytes, at + 14, window);
    word(bytes, at + 16, 0);
    return at;
  }

  /** Segments sent so far. */
  long segments() {
    return segments;
  }
}
