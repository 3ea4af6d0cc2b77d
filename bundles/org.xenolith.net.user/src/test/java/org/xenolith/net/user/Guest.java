// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

import java.util.ArrayDeque;
import java.util.Arrays;

/** The guest's side of the link in tests: makes frames by hand, and keeps what the gateway sends. */
final class Guest implements FrameOut {
  static final long STATION = 0x5254_0012_3456L;
  static final InternetAddress ADDRESS = InternetAddress.four(0x0A00_020F);
  static final InternetAddress GATEWAY = InternetAddress.four(0x0A00_0202);
  static final InternetAddress RESOLVER = InternetAddress.four(0x0A00_0203);
  static final InternetAddress OUTSIDE = InternetAddress.four(0xC000_0205);
  static final InternetAddress ADDRESS6 = new InternetAddress(0xFEC0L << 48, 0x5054_00FF_FE12_3456L);
  static final InternetAddress OUTSIDE6 = new InternetAddress(0x2001_0DB8L << 32, 5);

  final ArrayDeque<byte[]> received = new ArrayDeque<>();
  boolean room = true;
  final Sockets sockets = new Sockets();
  UserGateway gateway;
  long now = 1_000_000_000L;
  final TcpSegment segment = new TcpSegment();
  final IpPacket packet = new IpPacket();

  Guest(boolean host, boolean restrict) {
    ReachPolicy policy = new ReachPolicy(AddressPlan.USUAL, host, restrict, java.util.List.of(Sockets.FIRST, Sockets.SECOND));
    gateway = new UserGateway(policy, true, sockets, this, now);
  }

  Guest() {
    this(false, false);
  }

  @Override
  public void frame(byte[] bytes, int length, int offload, int payload) {
    received.add(Arrays.copyOf(bytes, length));
  }

  @Override
  public boolean ready() {
    return room;
  }

  void pass(long nanoseconds) {
    now += nanoseconds;
    gateway.time(now);
    gateway.tick();
  }

  void send(byte[] frame) {
    gateway.receive(frame, 0, frame.length);
    gateway.settle();
  }

  static byte[] ip(InternetAddress from, InternetAddress to, int protocol, byte[] payload, int sumAt) {
    boolean four = to.isFour();
    int at = 14 + (four ? 20 : 40);
    byte[] frame = new byte[at + payload.length];
    HeaderFields.station(frame, 0, AddressPlan.STATION);
    HeaderFields.station(frame, 6, STATION);
    half(frame, 12, four ? InternetProtocol.IPV4 : InternetProtocol.IPV6);
    System.arraycopy(payload, 0, frame, at, payload.length);
    if (sumAt >= 0) {
      int start = protocol == InternetProtocol.ICMP ? 0 : HeaderFields.pseudoSum(from, to, protocol, payload.length);
      half(frame, at + sumAt, ~HeaderFields.sum(frame, at, frame.length, start));
    }
    if (four) {
      half(frame, 14, 0x4500);
      half(frame, 16, 20 + payload.length);
      half(frame, 22, 64 << 8 | protocol);
      from.write(frame, 26);
      to.write(frame, 30);
      half(frame, 24, ~HeaderFields.sum(frame, 14, 34, 0));
    } else {
      word(frame, 14, 0x6000_0000);
      half(frame, 18, payload.length);
      half(frame, 20, protocol << 8 | 255);
      from.write(frame, 22);
      to.write(frame, 38);
    }
    return frame;
  }

  static byte[] udp(InternetAddress from, int fromPort, InternetAddress to, int toPort, byte[] data) {
    byte[] payload = new byte[8 + data.length];
    half(payload, 0, fromPort);
    half(payload, 2, toPort);
    half(payload, 4, payload.length);
    System.arraycopy(data, 0, payload, 8, data.length);
    return ip(from, to, InternetProtocol.UDP, payload, 6);
  }

  static byte[] arpRequest(InternetAddress from, InternetAddress target) {
    byte[] frame = new byte[42];
    HeaderFields.station(frame, 0, Neighbors.BROADCAST);
    HeaderFields.station(frame, 6, STATION);
    half(frame, 12, InternetProtocol.ARP);
    half(frame, 14, 1);
    half(frame, 16, InternetProtocol.IPV4);
    half(frame, 18, 0x0604);
    half(frame, 20, 1);
    HeaderFields.station(frame, 22, STATION);
    from.write(frame, 28);
    target.write(frame, 38);
    return frame;
  }

  /** The guest tells who has its address, as it does by its first ARP. */
  Guest known() {
    send(arpRequest(ADDRESS, GATEWAY));
    received.clear();
    return this;
  }

  /** Reads the next frame that came as a packet. */
  IpPacket next() {
    byte[] frame = received.remove();
    if (!packet.parse(frame, 14, frame.length, half(frame, 12) == InternetProtocol.IPV6)) {
      throw new AssertionError("not a packet: " + java.util.HexFormat.of().formatHex(frame));
    }
    return packet;
  }

  /** The next segment; its checksum must be right. */
  TcpSegment nextSegment() {
    IpPacket came = next();
    if (came.protocol != InternetProtocol.TCP || !came.sumIsRight() || !segment.parse(came)) {
      throw new AssertionError("not a segment");
    }
    return segment;
  }

  byte[] data(TcpSegment of) {
    return Arrays.copyOfRange(of.bytes, of.data, of.data + of.length);
  }
}
