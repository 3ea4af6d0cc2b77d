// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private final Guest guest = new Guest();

  private static byte[] dhcp(int type, InternetAddress wanted) {
    byte[] message = new byte[252];
    word(message, 0, 0x0101_0600);
    word(message, 4, 0x1234_5678);
    HeaderFields.station(message, 28, Guest.STATION);
    word(message, 236, 0x6382_5363);
    message[240] = 53;
    message[241] = 1;
    message[242] = (byte) type;
    message[243] = 50;
    message[244] = 4;
    wanted.write(message, 245);
    message[249] = (byte) 255;
    return Guest.udp(InternetAddress.UNSPECIFIED4, 68, InternetAddress.BROADCAST4, 67, message);
  }

  private byte[] option(IpPacket packet, int code) {
    for (int at = packet.payload + 8 + 240; packet.bytes[at] != -1; at += 2 + packet.bytes[at + 1]) {
      if (packet.bytes[at] == code) {
        return Arrays.copyOfRange(packet.bytes, at + 2, at + 2 + packet.bytes[at + 1]);
      }
    }
    return new byte[0];
  }

  @Test
  void theGatewayAndTheResolverHaveAStationAndNobodyElse() {
    guest.send(Guest.arpRequest(Guest.ADDRESS, Guest.GATEWAY));
    byte[] answer = guest.received.remove();
    assertEquals(2, half(answer, 20));
    assertEquals(AddressPlan.STATION, HeaderFields.station(answer, 22));
    assertEquals(Guest.GATEWAY, InternetAddress.four(answer, 28));
    assertEquals(Guest.STATION, HeaderFields.station(answer, 0));
    guest.send(Guest.arpRequest(Guest.ADDRESS, Guest.RESOLVER));
    assertEquals(Guest.RESOLVER, InternetAddress.four(guest.received.remove(), 28));
    guest.send(Guest.arpRequest(Guest.ADDRESS, InternetAddress.four(0x0A00_0299)));
    assertTrue(guest.received.isEmpty());
  }

  @Test
  void theFirstGuestGetsTheAddressThatPeopleKnow() {
    guest.send(dhcp(1, InternetAddress.UNSPECIFIED4));
    IpPacket offer = guest.next();
    assertTrue(offer.sumIsRight());
    assertArrayEquals(new byte[] {2}, option(offer, 53));
    assertEquals(Guest.ADDRESS, InternetAddress.four(offer.bytes, offer.payload + 8 + 16));
    guest.send(dhcp(3, Guest.ADDRESS));
    IpPacket lease = guest.next();
    assertArrayEquals(new byte[] {5}, option(lease, 53));
    assertEquals(0x1234_5678, word(lease.bytes, lease.payload + 8 + 4));
    assertArrayEquals(new byte[] {(byte) 255, (byte) 255, (byte) 255, 0}, option(lease, 1));
    assertArrayEquals(new byte[] {10, 0, 2, 2}, option(lease, 3));
    assertArrayEquals(new byte[] {10, 0, 2, 3}, option(lease, 6));
    assertArrayEquals(new byte[] {10, 0, 2, 2}, option(lease, 54));
    assertEquals(4, option(lease, 51).length);
  }

  @Test
  void anAddressThatIsNotTheGuestsIsRefused() {
    guest.send(dhcp(3, InternetAddress.four(0x0A00_0250)));
    assertArrayEquals(new byte[] {6}, option(guest.next(), 53));
  }

  @Test
  void theGatewayAnswersEchoesAtOnceAndTheOutsideWhenItDoes() {
    guest.known();
    byte[] echo = {8, 0, 0, 0, 0, 1, 0, 2, 'x'};
    guest.send(Guest.ip(Guest.ADDRESS, Guest.GATEWAY, InternetProtocol.ICMP, echo, 2));
    IpPacket reply = guest.next();
    assertEquals(0, reply.bytes[reply.payload]);
    assertEquals('x', reply.bytes[reply.payload + 8]);
    assertEquals(0xFFFF, HeaderFields.sum(reply.bytes, reply.payload, reply.end, 0));
    guest.send(Guest.ip(Guest.ADDRESS, Guest.OUTSIDE, InternetProtocol.ICMP, echo, 2));
    assertTrue(guest.received.isEmpty());
    assertTrue(guest.gateway.busy());
    guest.sockets.echoes.getFirst().answered(true);
    assertEquals(Guest.OUTSIDE, guest.next().source);
    assertFalse(guest.gateway.busy());
  }

  @Test
  void datagramsGoOutAndAnswersComeFromWhomTheyWereSentTo() {
    guest.known();
    guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 123, new byte[] {1, 2}));
    Sockets.Place place = guest.sockets.places.getFirst();
    assertArrayEquals(new byte[] {1, 2}, place.sent.getFirst().bytes());
    assertTrue(guest.gateway.busy());
    place.events.datagram(new byte[] {3, 4}, 2, new InetSocketAddress(Guest.OUTSIDE.inet(), 123));
    IpPacket answer = guest.next();
    assertTrue(answer.sumIsRight());
    assertEquals(Guest.OUTSIDE, answer.source);
    assertEquals(123 << 16 | 5000, word(answer.bytes, answer.payload));
    assertFalse(guest.gateway.busy());
    guest.pass(400_000_000_000L);
    assertTrue(place.closed);
    assertEquals(0, guest.gateway.datagramPlaces());
  }

  @Test
  void questionsGoToTheHostsResolversAndOnesAskedAgainToTheNext() {
    guest.known();
    byte[] question = {1, 2, 1, 0, 0, 1};
    guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, question));
    guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, question));
    Sockets.Place place = guest.sockets.places.getFirst();
    assertEquals(Sockets.FIRST, place.sent.get(0).to());
    assertEquals(Sockets.SECOND, place.sent.get(1).to());
    place.events.datagram(question, 6, Sockets.SECOND);
    IpPacket answer = guest.next();
    assertEquals(Guest.RESOLVER, answer.source);
    assertEquals(53, half(answer.bytes, answer.payload), "whatever port it is outside");
  }

  @Test
  void twoQuestionsAskedAgainInTurnGoToTheNextResolverBoth() {
    guest.known();
    byte[] four = {1, 2, 1, 0, 0, 1};
    byte[] six = {3, 4, 1, 0, 0, 1};
    for (int i = 0; i < 2; i++) {
      guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, four));
      guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, six));
    }
    List<InetSocketAddress> asked = guest.sockets.places.getFirst().sent.stream().map(Sockets.Sent::to).toList();
    assertEquals(List.of(Sockets.FIRST, Sockets.FIRST, Sockets.SECOND, Sockets.SECOND), asked, "A and AAAA, as C libraries ask");
  }

  @Test
  void whoAnswersFromAnotherPortOfTheLoopbackIsTheGatewayToo() {
    InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4444);
    Guest open = new Guest(true, false).known();
    open.send(Guest.udp(Guest.ADDRESS, 5000, Guest.GATEWAY, 69, new byte[] {1}));
    open.sockets.places.getFirst().events.datagram(new byte[] {2}, 1, other);
    IpPacket answer = open.next();
    assertEquals(Guest.GATEWAY, answer.source);
    assertEquals(4444 << 16 | 5000, word(answer.bytes, answer.payload));
    guest.known();
    guest.send(Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 69, new byte[] {1}));
    guest.sockets.places.getFirst().events.datagram(new byte[] {2}, 1, other);
    assertTrue(guest.received.isEmpty(), "without host=on nobody is there");
    assertTrue(guest.gateway.busy(), "nobody has answered");
  }

  @Test
  void aDatagramInFragmentsIsPutTogetherAndALargeOneComesInFragments() {
    guest.known();
    byte[] data = new byte[4000];
    new java.util.Random(1).nextBytes(data);
    byte[] whole = Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 9, data);
    int[] order = {2960, 0, 1480};
    for (int from : order) {
      int part = Math.min(1480, 4008 - from);
      byte[] frame = Arrays.copyOf(whole, 34 + part);
      System.arraycopy(whole, 34 + from, frame, 34, part);
      half(frame, 16, 20 + part);
      half(frame, 20, from / 8 | (from + part < 4008 ? 0x2000 : 0));
      half(frame, 24, 0);
      half(frame, 24, ~HeaderFields.sum(frame, 14, 34, 0));
      guest.send(frame);
    }
    Sockets.Place place = guest.sockets.places.getFirst();
    assertArrayEquals(data, place.sent.getFirst().bytes());
    assertEquals(0, guest.gateway.reassembling());

    place.events.datagram(data, data.length, new InetSocketAddress(Guest.OUTSIDE.inet(), 9));
    byte[] joined = new byte[4008];
    int count = guest.received.size();
    assertEquals(3, count);
    for (int i = 0; i < count; i++) {
      IpPacket part = guest.next();
      assertTrue(part.fragment);
      System.arraycopy(part.bytes, part.payload, joined, part.fragmentOffset, part.length());
    }
    assertArrayEquals(data, Arrays.copyOfRange(joined, 8, 4008));
  }

  @Test
  void theHostsLoopbackIsReachedOnlyWhereThatWasAskedFor() {
    guest.known();
    new TcpPeer(guest, 4000, Guest.GATEWAY, 80).synchronize(1460, 7);
    assertTrue(guest.nextSegment().has(TcpSegment.RST));
    Guest open = new Guest(true, false).known();
    new TcpPeer(open, 4000, Guest.GATEWAY, 80).synchronize(1460, 7);
    assertEquals("localhost/127.0.0.1:80", open.sockets.streams.getFirst().to.toString().replaceFirst("^/", "localhost/"));
  }

  @Test
  void noOtherAddressLeadsToTheHostItself() {
    ReachPolicy policy = new ReachPolicy(AddressPlan.USUAL, false, false, List.of(Sockets.FIRST));
    for (String text : new String[] {"127.0.0.1", "127.9.9.9", "0.0.0.0", "0.0.0.1", "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "255.255.255.255", "224.0.0.1", "ff02::1", "fe80::1", "10.0.2.77", "fec0::9"}) {
      assertTrue(policy.outside(InternetAddress.of(InetAddress.ofLiteral(text)), 80).isEmpty(), text);
    }
    assertTrue(policy.outside(Guest.OUTSIDE, 80).isPresent());
    assertTrue(policy.outside(Guest.OUTSIDE6, 80).isPresent());
  }

  @Test
  void aRestrictedGuestReachesNothing() {
    Guest closed = new Guest(true, true).known();
    new TcpPeer(closed, 4000, Guest.OUTSIDE, 80).synchronize(1460, 7);
    assertTrue(closed.nextSegment().has(TcpSegment.RST));
    closed.send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, new byte[] {1, 2, 3}));
    assertTrue(closed.sockets.places.isEmpty());
    assertEquals(InternetProtocol.ICMP, closed.next().protocol);
  }

  @Test
  void theRouterTellsOfItselfAndAnswersWhoAsksForItsStation() {
    InternetAddress all = new InternetAddress(0xFF02L << 48, 2);
    guest.send(Guest.ip(new InternetAddress(0xFE80L << 48, 7), all, InternetProtocol.ICMPV6, new byte[] {(byte) 133, 0, 0, 0, 0, 0, 0, 0},
        2));
    IpPacket advertisement = guest.next();
    assertTrue(advertisement.sumIsRight());
    assertEquals(255, advertisement.hops);
    assertEquals((byte) 134, advertisement.bytes[advertisement.payload]);
    assertEquals(AddressPlan.PREFIX, InternetAddress.six(advertisement.bytes, advertisement.payload + 24 + 16));
    assertEquals(AddressPlan.RESOLVER6, InternetAddress.six(advertisement.bytes, advertisement.payload + 56 + 8));
    byte[] solicitation = new byte[24];
    solicitation[0] = (byte) 135;
    AddressPlan.GATEWAY6.write(solicitation, 8);
    guest.send(Guest.ip(Guest.ADDRESS6, new InternetAddress(0xFF02L << 48, 0x1_FF00_0002L), InternetProtocol.ICMPV6, solicitation, 2));
    IpPacket answer = guest.next();
    assertEquals((byte) 136, answer.bytes[answer.payload]);
    assertEquals(AddressPlan.STATION, HeaderFields.station(answer.bytes, answer.payload + 26));
  }

  @Test
  void theResolverOfIpv6IsToldByDhcpv6() {
    byte[] message = {11, 1, 2, 3, 0, 1, 0, 2, 'd', 'u'};
    guest.send(Guest.udp(new InternetAddress(0xFE80L << 48, 7), 546, Dhcp6Responder.SERVERS, 547, message));
    IpPacket reply = guest.next();
    assertTrue(reply.sumIsRight());
    assertEquals(7 << 24 | 0x010203, word(reply.bytes, reply.payload + 8));
    assertEquals(AddressPlan.RESOLVER6, InternetAddress.six(reply.bytes, reply.end - 16));
  }

  @Test
  void aFrameForAGuestWhoseStationIsNotKnownWaitsForIt() {
    ForwardedDatagrams forward = guest.gateway.forward(Guest.ADDRESS, 53);
    forward.datagram(new byte[] {9}, 1, new InetSocketAddress(InetAddress.getLoopbackAddress(), 7000));
    byte[] asks = guest.received.remove();
    assertEquals(InternetProtocol.ARP, half(asks, 12));
    assertEquals(Guest.ADDRESS, InternetAddress.four(asks, 38));
    guest.send(Guest.arpRequest(Guest.ADDRESS, Guest.ADDRESS));
    IpPacket datagram = guest.next();
    assertEquals(Guest.STATION, HeaderFields.station(datagram.bytes, 0));
    Sockets.Place place = new Sockets.Place();
    forward.from(place);
    guest.send(Guest.udp(Guest.ADDRESS, 53, Guest.GATEWAY, 7000, new byte[] {8}));
    assertEquals(7000, place.sent.getFirst().to().getPort());
  }

  @Test
  void traceroutesFirstStopIsTheGateway() {
    guest.known();
    byte[] frame = Guest.udp(Guest.ADDRESS, 5000, Guest.OUTSIDE, 33434, new byte[] {1});
    frame[22] = 1;
    half(frame, 24, 0);
    half(frame, 24, ~HeaderFields.sum(frame, 14, 34, 0));
    guest.send(frame);
    IpPacket told = guest.next();
    assertEquals(11, told.bytes[told.payload]);
    assertEquals(Guest.GATEWAY, told.source);
  }
}
