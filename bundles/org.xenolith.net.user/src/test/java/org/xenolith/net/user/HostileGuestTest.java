// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames that no sound guest sends: nothing throws, and what is kept stays bounded. */
class HostileGuestTest {
  private static final int FRAMES = Integer.getInteger("xenolith.net.user.frames", 60_000);

  private static List<byte[]> seeds(Guest guest) {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Guest.arpRequest(Guest.ADDRESS, Guest.GATEWAY));
    seeds.add(Guest.udp(InternetAddress.UNSPECIFIED4, 68, InternetAddress.BROADCAST4, 67, dhcp()));
    seeds.add(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, new byte[40]));
    seeds.add(Guest.udp(Guest.ADDRESS6, 546, Dhcp6Responder.SERVERS, 547, new byte[] {11, 1, 2, 3, 0, 1, 0, 2, 4, 4}));
    seeds.add(Guest.ip(Guest.ADDRESS, Guest.OUTSIDE, InternetProtocol.ICMP, new byte[] {8, 0, 0, 0, 0, 1, 0, 1}, 2));
    seeds.add(Guest.ip(Guest.ADDRESS6, AddressPlan.GATEWAY6, InternetProtocol.ICMPV6, new byte[32], 2));
    byte[] fragment = Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 9, new byte[64]);
    fragment[20] = 0x20;
    seeds.add(fragment);
    byte[] six = new byte[48];
    six[0] = InternetProtocol.UDP;
    six[3] = 1;
    seeds.add(Guest.ip(Guest.ADDRESS6, Guest.OUTSIDE6, InternetProtocol.FRAGMENT, six, -1));
    for (int port = 0; port < 4; port++) {
      TcpPeer peer = new TcpPeer(guest, 4000 + port, port % 2 == 0 ? Guest.OUTSIDE : Guest.OUTSIDE6, 80);
      peer.acknowledged = 1;
      seeds.add(peer.frame(peer.sequence, TcpSegment.SYN, TcpPeer.options(1460, 7), new byte[0]));
      seeds.add(peer.frame(peer.sequence + 1, TcpSegment.ACK, new byte[0], new byte[20]));
      seeds.add(peer.frame(peer.sequence + 21, TcpSegment.ACK | TcpSegment.FIN, new byte[0], new byte[0]));
    }
    return seeds;
  }

  private static byte[] dhcp() {
    byte[] message = new byte[260];
    HeaderFields.word(message, 0, 0x0101_0600);
    HeaderFields.station(message, 28, Guest.STATION);
    HeaderFields.word(message, 236, 0x6382_5363);
    HeaderFields.word(message, 240, 0x3501_01FF);
    return message;
  }

  /** Makes checksums right again, so that what was spoilt is looked at. */
  private static void mend(byte[] frame, int length, Random random) {
    if (length < 62 || random.nextInt(4) == 0) {
      return;
    }
    boolean four = HeaderFields.half(frame, 12) == InternetProtocol.IPV4;
    int at = four ? 14 + (frame[14] & 0xF) * 4 : 54;
    int protocol = frame[four ? 23 : 20] & 0xFF;
    int sum = at + (protocol == InternetProtocol.TCP ? 16 : protocol == InternetProtocol.UDP ? 6 : 2);
    if (at < 34 || sum + 2 > length) {
      return;
    }
    if (four) {
      HeaderFields.half(frame, 24, 0);
      HeaderFields.half(frame, 24, ~HeaderFields.sum(frame, 14, at, 0));
    }
    int end = Math.min(length, 14 + (four ? HeaderFields.half(frame, 16) : 40 + HeaderFields.half(frame, 18)));
    if (end < sum + 2) {
      return;
    }
    InternetAddress from = four ? InternetAddress.four(frame, 26) : InternetAddress.six(frame, 22);
    InternetAddress to = four ? InternetAddress.four(frame, 30) : InternetAddress.six(frame, 38);
    HeaderFields.half(frame, sum, 0);
    int start = protocol == InternetProtocol.ICMP ? 0 : HeaderFields.pseudoSum(from, to, protocol, end - at);
    HeaderFields.half(frame, sum, ~HeaderFields.sum(frame, at, end, start));
  }

  @Test
  void spoiltFramesThrowNothingAndWhatIsKeptStaysBounded() {
    Guest guest = new Guest(true, false).known();
    Random random = new Random(66);
    List<byte[]> seeds = seeds(guest);
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = seeds.get(random.nextInt(seeds.size())).clone();
      int length = frame.length;
      for (int spoils = random.nextInt(5); spoils > 0; spoils--) {
        int at = random.nextInt(length);
        switch (random.nextInt(4)) {
          case 0 -> frame[at] = (byte) random.nextInt();
          case 1 -> frame[at] ^= (byte) (1 << random.nextInt(8));
          case 2 -> length = Math.max(1, random.nextInt(length));
          default -> frame[at] = (byte) (random.nextBoolean() ? 0 : -1);
        }
      }
      mend(frame, length, random);
      try {
        guest.gateway.receive(frame, 0, length);
        if (random.nextInt(3) == 0) {
          guest.gateway.settle();
        }
        outside(guest, random);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("frame " + i + ": " + HexFormat.of().formatHex(frame, 0, length), e);
      }
      guest.received.clear();
      guest.sockets.echoes.clear();
    }
    assertTrue(guest.gateway.connections() <= TcpNat.MOST);
    assertTrue(guest.gateway.datagramPlaces() <= DatagramNat.MOST);
    assertTrue(guest.gateway.reassembling() <= 16);
    assertTrue(guest.gateway.neighborsKnown() <= 256);
    assertTrue(guest.gateway.bytesWaiting() <= TcpNat.MOST_BYTES);
    guest.gateway.close();
    assertTrue(guest.gateway.bytesWaiting() == 0, "rooms are given back");
  }

  @Test
  void whatAGuestBeginsAndNeverEndsIsBounded() {
    Guest guest = new Guest().known();
    for (int i = 0; i < 2000; i++) {
      byte[] fragment = Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 9, new byte[64]);
      fragment[20] = 0x20;
      HeaderFields.half(fragment, 18, i);
      HeaderFields.half(fragment, 24, 0);
      HeaderFields.half(fragment, 24, ~HeaderFields.sum(fragment, 14, 34, 0));
      guest.send(fragment);
      guest.send(Guest.udp(Guest.ADDRESS, 1000 + i, Guest.OUTSIDE, 9, new byte[4]));
      guest.send(Guest.udp(new InternetAddress(0xFEC0L << 48, 100 + i), 5000, AddressPlan.GATEWAY6, 9, new byte[4]));
      guest.send(Guest.ip(Guest.ADDRESS, Guest.OUTSIDE, InternetProtocol.ICMP, new byte[] {8, 0, 0, 0, 0, 1, 0, 1}, 2));
    }
    assertEquals(16, guest.gateway.reassembling());
    assertEquals(DatagramNat.MOST, guest.gateway.datagramPlaces());
    assertEquals(256, guest.gateway.neighborsKnown());
    assertEquals(16, guest.sockets.echoes.size());
    assertEquals(2000 - DatagramNat.MOST, guest.sockets.places.stream().filter(place -> place.closed).count());
  }

  /** The outside does this and that. */
  private static void outside(Guest guest, Random random) {
    if (random.nextInt(8) == 0) {
      guest.pass(random.nextInt(2_000_000_000));
    }
    while (guest.sockets.streams.size() > 64) {
      guest.sockets.streams.removeFirst();
    }
    if (!guest.sockets.streams.isEmpty()) {
      Sockets.Pipe pipe = guest.sockets.streams.get(random.nextInt(guest.sockets.streams.size()));
      pipe.written.reset();
      switch (random.nextInt(8)) {
        case 0, 1 -> pipe.events.connected();
        case 2 -> pipe.gives(new byte[random.nextInt(5000)]);
        case 3 -> {
          pipe.endOfInput = true;
          pipe.events.ready();
        }
        case 4 -> pipe.takes = random.nextInt(100);
        case 5 -> pipe.events.ready();
        case 6 -> pipe.events.failed(random.nextBoolean());
        default -> pipe.broken = random.nextInt(50) == 0;
      }
    }
  }
}
