// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

/** A guest's end of one connection, driven by hand. */
final class TcpPeer {
  final Guest guest;
  final InternetAddress own;
  final InternetAddress remote;
  final int port;
  final int remotePort;
  int sequence;
  int acknowledged;
  int window = 0xFFFF;

  TcpPeer(Guest guest, int port, InternetAddress remote, int remotePort) {
    this.guest = guest;
    this.own = remote.isFour() ? Guest.ADDRESS : Guest.ADDRESS6;
    this.port = port;
    this.remote = remote;
    this.remotePort = remotePort;
    sequence = 0xFFFF_FFF0 + port;
  }

  /** A frame with a segment as it stands. */
  byte[] frame(int number, int flags, byte[] options, byte[] data) {
    byte[] payload = new byte[20 + options.length + data.length];
    half(payload, 0, port);
    half(payload, 2, remotePort);
    word(payload, 4, number);
    word(payload, 8, (flags & TcpSegment.ACK) != 0 ? acknowledged : 0);
    half(payload, 12, (20 + options.length) / 4 << 12 | flags);
    half(payload, 14, window);
    System.arraycopy(options, 0, payload, 20, options.length);
    System.arraycopy(data, 0, payload, 20 + options.length, data.length);
    return Guest.ip(own, remote, InternetProtocol.TCP, payload, 16);
  }

  void segment(int number, int flags, byte[] data) {
    guest.send(frame(number, flags, new byte[0], data));
  }

  static byte[] options(int maximum, int scale) {
    return scale < 0 ? new byte[] {2, 4, (byte) (maximum >> 8), (byte) maximum}
        : new byte[] {2, 4, (byte) (maximum >> 8), (byte) maximum, 1, 3, 3, (byte) scale};
  }

  void synchronize(int maximum, int scale) {
    guest.send(frame(sequence, TcpSegment.SYN, options(maximum, scale), new byte[0]));
  }

  /** Connects to what the outside has open: through the three segments. @return the stream outside */
  Sockets.Pipe connect() {
    synchronize(1460, 7);
    Sockets.Pipe pipe = guest.sockets.streams.getLast();
    pipe.events.connected();
    TcpSegment answer = guest.nextSegment();
    acknowledged = answer.sequence + 1;
    sequence++;
    segment(sequence, TcpSegment.ACK, new byte[0]);
    return pipe;
  }

  void data(byte[] bytes) {
    segment(sequence, TcpSegment.ACK | TcpSegment.PSH, bytes);
    sequence += bytes.length;
  }

  void acknowledge(int number) {
    acknowledged = number;
    segment(sequence, TcpSegment.ACK, new byte[0]);
  }
}
