// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final Guest guest = new Guest().known();
  private final TcpPeer peer = new TcpPeer(guest, 40000, Guest.OUTSIDE, 80);

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** Takes all that comes, acknowledging each segment. */
  private byte[] takeAll() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!guest.received.isEmpty()) {
      TcpSegment segment = guest.nextSegment();
      if (segment.length > 0 && segment.sequence == peer.acknowledged) {
        all.writeBytes(guest.data(segment));
        peer.acknowledge(segment.sequence + segment.length);
      }
    }
    return all.toByteArray();
  }

  @Test
  void whoConnectsHearsItWhenTheOutsideIsConnected() {
    peer.synchronize(1460, 7);
    assertTrue(guest.received.isEmpty());
    assertTrue(guest.gateway.busy());
    assertEquals("/192.0.2.5:80", guest.sockets.streams.getFirst().to.toString());
    guest.sockets.streams.getFirst().events.connected();
    TcpSegment answer = guest.nextSegment();
    assertEquals(TcpSegment.SYN | TcpSegment.ACK, answer.flags);
    assertEquals(peer.sequence + 1, answer.acknowledged);
    assertEquals(1460, answer.maximum);
    assertEquals(7, answer.scale);
  }

  @Test
  void whoDoesNotScaleIsNotAnsweredWithAScale() {
    peer.synchronize(536, -1);
    guest.sockets.streams.getFirst().events.connected();
    assertEquals(-1, guest.nextSegment().scale);
  }

  @Test
  void whoIsRefusedOutsideIsRefusedHere() {
    peer.synchronize(1460, 7);
    guest.sockets.streams.getFirst().events.failed(true);
    TcpSegment answer = guest.nextSegment();
    assertEquals(TcpSegment.RST | TcpSegment.ACK, answer.flags);
    assertEquals(peer.sequence + 1, answer.acknowledged);
    assertEquals(0, guest.gateway.connections());
  }

  @Test
  void bytesGoOutInTheirOrderAndAreAcknowledgedOnceForAllThatCameTogether() {
    Sockets.Pipe pipe = peer.connect();
    byte[] all = bytes(14600);
    for (int at = 0; at < all.length; at += 1460) {
      byte[] frame = peer.frame(peer.sequence + at, TcpSegment.ACK, new byte[0], java.util.Arrays.copyOfRange(all, at, at + 1460));
      guest.gateway.receive(frame, 0, frame.length);
    }
    guest.gateway.settle();
    assertArrayEquals(all, pipe.written.toByteArray());
    assertEquals(peer.sequence + all.length, guest.nextSegment().acknowledged);
    assertTrue(guest.received.isEmpty());
  }

  @Test
  void bytesComeInFullSegmentsAndAreKeptUntilTheyAreAcknowledged() {
    Sockets.Pipe pipe = peer.connect();
    byte[] all = bytes(200_000);
    pipe.gives(all);
    assertTrue(guest.received.size() <= 10, "the first window is ten segments, RFC 6928");
    assertEquals(1460, guest.received.getFirst().length - 54);
    assertArrayEquals(all, takeAll());
    assertEquals(0, guest.gateway.again());
  }

  @Test
  void aGuestThatReadsSlowlyHoldsTheOutsideBack() {
    Sockets.Pipe pipe = peer.connect();
    peer.window = 0;
    peer.acknowledge(peer.acknowledged);
    pipe.gives(bytes(2_000_000));
    assertTrue(guest.received.isEmpty());
    assertTrue(pipe.toRead.length > 1_000_000, "what the guest can't take stays outside");
    assertFalse(pipe.wantsRead);
    guest.pass(TcpSender.LEAST_TIMEOUT);
    assertEquals(1, guest.nextSegment().length);
    peer.window = 0xFFFF;
    peer.acknowledge(peer.acknowledged);
    assertEquals(2_000_000, takeAll().length);
  }

  @Test
  void anOutsideThatReadsSlowlyHoldsTheGuestBack() {
    Sockets.Pipe pipe = peer.connect();
    pipe.takes = 0;
    long window = 0xFFFF;
    int sent = 0;
    byte[] all = bytes(1460);
    while (window >= 1460 && sent < 2_000_000) {
      peer.data(all);
      sent += 1460;
      window = (long) guest.nextSegment().window << 7;
    }
    assertTrue(sent <= TcpReceiver.ROOM && sent > TcpReceiver.ROOM - 3000, "the window closes when the room is full: " + sent);
    assertTrue(pipe.wantsWrite);
    pipe.takes = Integer.MAX_VALUE;
    pipe.events.ready();
    assertEquals(sent, pipe.written.size());
    assertTrue(guest.nextSegment().window << 7 > TcpReceiver.ROOM / 2, "the guest is told that there is room");
  }

  /** RFC 9293 3.8.6: a guest fills what it was told once, whatever it is told since; what isn't taken of that it has to send again, and all behind it. */
  @Test
  void whatTheGuestWasToldThatItMaySendIsTakenHoweverSlowlyTheOutsideReads() {
    Sockets.Pipe pipe = peer.connect();
    Random random = new Random(66);
    byte[] segment = bytes(1448);
    int begin = peer.sequence;
    int allowed = begin + 0xFFFF;
    pipe.takes = 0;
    while (peer.sequence - begin < 16 << 20) {
      if (allowed - peer.sequence < segment.length) {
        pipe.takes = random.nextInt(300_000);
        pipe.events.ready();
      } else {
        peer.data(segment);
      }
      while (!guest.received.isEmpty()) {
        TcpSegment answer = guest.nextSegment();
        assertEquals(peer.sequence - begin, answer.acknowledged - begin, "bytes taken of those sent");
        int edge = answer.acknowledged + (answer.window << 7);
        allowed = edge - allowed > 0 ? edge : allowed;
      }
    }
  }

  @Test
  void aLostSegmentIsSentAgainAtTheThirdHintAndNothingElseIs() {
    Sockets.Pipe pipe = peer.connect();
    pipe.gives(bytes(14600));
    TcpSegment first = guest.nextSegment();
    int lost = first.sequence;
    guest.received.clear();
    for (int i = 0; i < 3; i++) {
      peer.acknowledge(lost);
    }
    TcpSegment again = guest.nextSegment();
    assertEquals(lost, again.sequence);
    assertEquals(1460, again.length);
    assertTrue(guest.received.isEmpty());
    peer.acknowledge(lost + 14600);
    assertEquals(1, guest.gateway.again());
  }

  @Test
  void whatIsNotAcknowledgedForSecondsIsSentAgainEverMorePatiently() {
    Sockets.Pipe pipe = peer.connect();
    pipe.gives(bytes(100));
    guest.received.clear();
    guest.pass(TcpSender.LEAST_TIMEOUT - 1_000_000);
    assertTrue(guest.received.isEmpty());
    guest.pass(300_000_000L);
    assertEquals(100, guest.nextSegment().length);
    guest.pass(TcpSender.LEAST_TIMEOUT + 300_000_000L);
    assertTrue(guest.received.isEmpty());
    guest.pass(TcpSender.LEAST_TIMEOUT);
    assertEquals(100, guest.nextSegment().length);
    for (int i = 0; i < 1000; i++) {
      guest.pass(60_000_000_000L);
    }
    assertEquals(1, guest.gateway.connections(), "a machine that stood still for a night goes on");
  }

  @Test
  void eachDirectionEndsByItself() {
    Sockets.Pipe pipe = peer.connect();
    peer.segment(peer.sequence, TcpSegment.ACK | TcpSegment.FIN, new byte[] {1, 2});
    peer.sequence += 3;
    assertTrue(pipe.outputEnded);
    assertEquals(peer.sequence, guest.nextSegment().acknowledged);
    pipe.gives(new byte[] {3});
    assertArrayEquals(new byte[] {3}, takeAll());
    pipe.endOfInput = true;
    pipe.events.ready();
    TcpSegment end = guest.nextSegment();
    assertTrue(end.has(TcpSegment.FIN));
    assertFalse(pipe.closed);
    peer.acknowledge(end.sequence + 1);
    assertTrue(pipe.closed);
    assertFalse(pipe.aborted);
    assertFalse(guest.gateway.busy());
  }

  @Test
  void theEndGoesWithTheLastBytesAndIsSentAgainIfItIsLost() {
    Sockets.Pipe pipe = peer.connect();
    pipe.endOfInput = true;
    pipe.gives(bytes(10));
    TcpSegment data = guest.nextSegment();
    assertEquals(10, data.length);
    int end = data.sequence + 10;
    if (!data.has(TcpSegment.FIN)) {
      assertTrue(guest.nextSegment().has(TcpSegment.FIN));
    }
    peer.acknowledge(end);
    guest.received.clear();
    guest.pass(2 * TcpSender.LEAST_TIMEOUT);
    TcpSegment again = guest.nextSegment();
    assertTrue(again.has(TcpSegment.FIN));
    assertEquals(end, again.sequence);
    peer.acknowledge(end + 1);
    peer.segment(peer.sequence, TcpSegment.ACK | TcpSegment.FIN, new byte[0]);
    assertTrue(pipe.closed);
  }

  @Test
  void aResetOutsideIsAResetHere() {
    Sockets.Pipe pipe = peer.connect();
    pipe.broken = true;
    pipe.events.ready();
    assertTrue(guest.nextSegment().has(TcpSegment.RST));
    assertEquals(0, guest.gateway.connections());
  }

  @Test
  void aResetOfTheGuestIsOneOutsideAndAGuessedOneIsNot() {
    Sockets.Pipe pipe = peer.connect();
    peer.segment(peer.sequence + 100, TcpSegment.RST, new byte[0]);
    assertFalse(pipe.closed);
    assertEquals(TcpSegment.ACK, guest.nextSegment().flags, "RFC 5961 3.2: who means it says so again");
    peer.segment(peer.sequence, TcpSegment.RST, new byte[0]);
    assertTrue(pipe.aborted);
    assertEquals(0, guest.gateway.connections());
  }

  @Test
  void bytesOutOfOrderAndOnesThatCameAreAnsweredWithWhatIsMissing() {
    Sockets.Pipe pipe = peer.connect();
    peer.segment(peer.sequence + 10, TcpSegment.ACK, new byte[5]);
    assertEquals(peer.sequence, guest.nextSegment().acknowledged);
    peer.data(new byte[] {1, 2, 3});
    peer.segment(peer.sequence - 2, TcpSegment.ACK, new byte[] {2, 3, 4, 5});
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, pipe.written.toByteArray());
  }

  @Test
  void aPortUsedAgainWhileItsLastConnectionIsRememberedIsANewOne() {
    Sockets.Pipe pipe = peer.connect();
    pipe.endOfInput = true;
    pipe.events.ready();
    peer.acknowledge(guest.nextSegment().sequence + 1);
    peer.segment(peer.sequence, TcpSegment.ACK | TcpSegment.FIN, new byte[0]);
    guest.received.clear();
    peer.sequence += 100_000;
    peer.connect();
    assertEquals(2, guest.sockets.streams.size());
    assertEquals(1, guest.gateway.connections());
  }

  @Test
  void segmentsOfNoConnectionAreReset() {
    peer.acknowledged = 77;
    peer.segment(5, TcpSegment.ACK, new byte[3]);
    TcpSegment answer = guest.nextSegment();
    assertEquals(TcpSegment.RST, answer.flags);
    assertEquals(77, answer.sequence);
    peer.segment(5, TcpSegment.RST, new byte[0]);
    assertTrue(guest.received.isEmpty());
  }

  @Test
  void theGuestIsAskedForAConnectionFromOutside() {
    Sockets.Pipe pipe = new Sockets.Pipe();
    pipe.events = guest.gateway.accept(pipe, java.net.InetAddress.getLoopbackAddress(), 50123, Guest.ADDRESS, 22);
    TcpSegment asks = guest.nextSegment();
    assertEquals(TcpSegment.SYN, asks.flags);
    assertEquals(Guest.GATEWAY, guest.packet.source);
    assertEquals(50123, asks.sourcePort);
    assertEquals(22, asks.destinationPort);
    TcpPeer server = new TcpPeer(guest, 22, Guest.GATEWAY, 50123);
    server.acknowledged = asks.sequence + 1;
    guest.send(server.frame(server.sequence, TcpSegment.SYN | TcpSegment.ACK, TcpPeer.options(1460, 7), new byte[0]));
    server.sequence++;
    assertEquals(server.sequence, guest.nextSegment().acknowledged);
    server.data(new byte[] {'S', 'S', 'H'});
    assertArrayEquals(new byte[] {'S', 'S', 'H'}, pipe.written.toByteArray());
  }

  @Test
  void aGuestThatIsNotThereYetIsAskedAgainAndARefusalEndsIt() {
    Sockets.Pipe pipe = new Sockets.Pipe();
    pipe.events = guest.gateway.accept(pipe, java.net.InetAddress.getLoopbackAddress(), 50123, Guest.ADDRESS, 22);
    int first = guest.nextSegment().sequence;
    guest.pass(1_100_000_000L);
    assertEquals(first, guest.nextSegment().sequence);
    TcpPeer server = new TcpPeer(guest, 22, Guest.GATEWAY, 50123);
    server.acknowledged = first + 1;
    server.segment(0, TcpSegment.RST | TcpSegment.ACK, new byte[0]);
    assertTrue(pipe.aborted);
    assertEquals(0, guest.gateway.connections());
  }

  @Test
  void nothingIsSentWhileTheMachineHasNoRoomAndAllAfterwards() {
    Sockets.Pipe pipe = peer.connect();
    guest.room = false;
    pipe.gives(bytes(50_000));
    assertTrue(guest.received.isEmpty());
    assertEquals(50_000, pipe.toRead.length);
    guest.room = true;
    guest.gateway.room();
    assertEquals(50_000, takeAll().length);
  }

  @Test
  void connectionsAreBounded() {
    for (int i = 0; i < 3000; i++) {
      new TcpPeer(guest, 1024 + i, Guest.OUTSIDE, 80).synchronize(1460, 7);
    }
    assertEquals(TcpNat.MOST_ASKING, guest.gateway.connections());
    guest.sockets.streams.forEach(stream -> stream.events.failed(false));
    assertEquals(0, guest.gateway.connections());
  }

  @Test
  void whereThereIsNoRoomTheConnectionThatNobodyHeardOfForLongestMakesSome() {
    for (int i = 0; i < TcpNat.MOST; i++) {
      guest.received.clear();
      new TcpPeer(guest, 1024 + i, Guest.OUTSIDE, 80).connect();
    }
    peer.synchronize(1460, 7);
    assertTrue(guest.nextSegment().has(TcpSegment.RST), "all of them are young");
    guest.pass(61_000_000_000L);
    peer.connect();
    assertTrue(guest.sockets.streams.getFirst().aborted);
    assertEquals(TcpNat.MOST, guest.gateway.connections());
  }

  @Test
  void connectionsOfIpv6AreLikeThoseOfIpv4() {
    guest.gateway.receive(Guest.ip(Guest.ADDRESS6, AddressPlan.GATEWAY6, InternetProtocol.UDP, new byte[8], -1), 0, 62);
    guest.received.clear();
    TcpPeer six = new TcpPeer(guest, 40000, Guest.OUTSIDE6, 80);
    Sockets.Pipe pipe = six.connect();
    assertEquals("2001:db8:0:0:0:0:0:5", pipe.to.getAddress().getHostAddress());
    six.data(new byte[] {1});
    assertArrayEquals(new byte[] {1}, pipe.written.toByteArray());
  }
}
