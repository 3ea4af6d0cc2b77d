// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;

/** A link with sockets of this host's loopback; the guest's frames are made by hand. */
@Timeout(60)
class UserLinkTest {
  private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final TcpSegment segment = new TcpSegment();
  /** Frames that the machine takes before it has no room. */
  private volatile int room = Integer.MAX_VALUE;
  private OutsideLink link;

  private final FrameReceiver machine = new FrameReceiver() {
    @Override
    public boolean frame(byte[] bytes, int offset, int length) {
      return frame(bytes, offset, length, 0, 0);
    }

    @Override
    public boolean frame(byte[] bytes, int offset, int length, int offload, int payload) {
      if (room <= 0) {
        return false;
      }
      room--;
      return received.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void say(String text) {}
  };

  private void open(Map<String, List<String>> settings) throws IOException {
    link = new UserNetwork().open(settings, machine);
    send(Guest.arpRequest(Guest.ADDRESS, Guest.GATEWAY));
    while (HeaderFields.half(next(), 12) != InternetProtocol.ARP) {
      // The router tells of itself first.
    }
  }

  @AfterEach
  void close() throws Exception {
    if (link != null) {
      link.close();
    }
  }

  private void send(byte[] frame) {
    link.send(frame, 0, frame.length);
  }

  private byte[] next() {
    try {
      byte[] frame = received.poll(20, TimeUnit.SECONDS);
      assertNotNull(frame, "no frame came");
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private IpPacket nextPacket() {
    byte[] frame = next();
    IpPacket packet = new IpPacket();
    assertTrue(packet.parse(frame, 14, frame.length, false));
    return packet;
  }

  private TcpSegment nextSegment() {
    IpPacket packet = nextPacket();
    assertTrue(packet.protocol == InternetProtocol.TCP && packet.sumIsRight() && segment.parse(packet));
    return segment;
  }

  /** Connects a guest's port to one of the host's loopback. */
  private TcpPeer connect(int port) {
    TcpPeer peer = new TcpPeer(null, 40000, Guest.GATEWAY, port);
    send(peer.frame(peer.sequence, TcpSegment.SYN, TcpPeer.options(1460, 7), new byte[0]));
    peer.acknowledged = nextSegment().sequence + 1;
    assertTrue(segment.has(TcpSegment.SYN));
    send(peer.frame(++peer.sequence, TcpSegment.ACK, new byte[0], new byte[0]));
    return peer;
  }

  @Test
  void aMebibyteComesThroughAMachineThatTakesFewFramesAtATime() throws IOException {
    byte[] all = new byte[1 << 20];
    new Random(1).nextBytes(all);
    open(Map.of("host", List.of("on")));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TcpPeer peer = connect(server.getLocalPort());
      try (Socket accepted = server.accept()) {
        Thread.ofVirtual().start(() -> {
          try {
            accepted.getOutputStream().write(all);
            accepted.shutdownOutput();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
        byte[] came = new byte[all.length];
        int at = 0;
        boolean ended = false;
        while (!ended) {
          room = 3;
          link.room();
          TcpSegment data = nextSegment();
          assertEquals(peer.acknowledged, data.sequence, "in their order, and nothing twice");
          System.arraycopy(data.bytes, data.data, came, at, data.length);
          at += data.length;
          ended = data.has(TcpSegment.FIN);
          peer.acknowledged = data.sequence + data.sequenceLength();
          send(peer.frame(peer.sequence, TcpSegment.ACK, new byte[0], new byte[0]));
        }
        assertArrayEquals(all, came);
        assertTrue(link.busy());
        assertEquals(0, link.dropped());
      }
    }
  }

  @Test
  void aMebibyteGoesOutWhileTheGuestKeepsToItsWindow() throws IOException {
    byte[] all = new byte[1 << 20];
    new Random(2).nextBytes(all);
    open(Map.of("host", List.of("on")));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TcpPeer peer = connect(server.getLocalPort());
      try (Socket accepted = server.accept()) {
        Thread sender = Thread.ofVirtual().start(() -> {
          int first = peer.sequence;
          int edge = first + 60_000;
          for (int at = 0; at < all.length;) {
            int part = Math.min(1024, all.length - at);
            while (edge - (first + at + part) < 0) {
              TcpSegment said = nextSegment();
              edge = said.acknowledged + (said.window << 7);
            }
            send(peer.frame(first + at, TcpSegment.ACK, new byte[0], Arrays.copyOfRange(all, at, at + part)));
            at += part;
          }
          send(peer.frame(first + all.length, TcpSegment.ACK | TcpSegment.FIN, new byte[0], new byte[0]));
        });
        assertArrayEquals(all, accepted.getInputStream().readAllBytes());
        sender.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aPortWhereNobodyListensRefuses() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    open(Map.of("host", List.of("on")));
    TcpPeer peer = new TcpPeer(null, 40000, Guest.GATEWAY, port);
    send(peer.frame(peer.sequence, TcpSegment.SYN, TcpPeer.options(1460, 7), new byte[0]));
    assertTrue(nextSegment().has(TcpSegment.RST));
  }

  @Test
  void whoConnectsToAForwardedPortIsTheGuestsAndHearsOfTheEndOfTheLink() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    open(Map.of("hostfwd", List.of("tcp:127.0.0.1:" + port + "-:22")));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      TcpSegment asks = nextSegment();
      TcpPeer server = new TcpPeer(null, 22, Guest.GATEWAY, asks.sourcePort);
      server.acknowledged = asks.sequence + 1;
      send(server.frame(server.sequence, TcpSegment.SYN | TcpSegment.ACK, TcpPeer.options(1460, 7), new byte[0]));
      send(server.frame(++server.sequence, TcpSegment.ACK, new byte[0], new byte[] {'h', 'i'}));
      assertArrayEquals(new byte[] {'h', 'i'}, client.getInputStream().readNBytes(2));
      link.close();
      assertThrows(IOException.class, () -> {
        if (client.getInputStream().read() < 0) {
          throw new IOException("closed");
        }
      });
    }
  }

  @Test
  void aPortThatIsTakenIsSaidWithWhatToDo() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String rule = "tcp:127.0.0.1:" + server.getLocalPort() + ":22";
      IOException refused = assertThrows(IOException.class, () -> open(Map.of("forward", List.of(rule))));
      assertTrue(refused.getMessage().contains(rule) && refused.getMessage().contains("name another"), refused.getMessage());
    }
  }

  @Test
  void namesAreAskedOfTheResolverThatIsNamed() throws IOException {
    try (DatagramSocket resolver = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      resolver.setSoTimeout(20_000);
      open(Map.of("resolver", List.of("127.0.0.1:" + resolver.getLocalPort())));
      send(Guest.udp(Guest.ADDRESS, 5000, Guest.RESOLVER, 53, new byte[] {7, 7, 1, 0}));
      DatagramPacket question = new DatagramPacket(new byte[100], 100);
      resolver.receive(question);
      assertEquals(4, question.getLength());
      resolver.send(new DatagramPacket(new byte[] {7, 7, 2}, 3, question.getSocketAddress()));
      IpPacket answer = nextPacket();
      assertEquals(Guest.RESOLVER, answer.source);
      assertEquals(3, answer.length() - 8);
      for (int i = 0; link.busy() && i < 200; i++) {
        Thread.onSpinWait();
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
      }
      assertFalse(link.busy(), "nothing is asked any more");
    }
  }

  @Test
  void settingsThatSayNothingAreRefusedWithWhatTheyMaySay() {
    Map<String, String> wrong = Map.of("host", "yes", "net", "10.0.2.0", "forward", "tcp:22", "hostfwd", "tcp::22:22", "resolver", "dns",
        "forwards",
        "tcp:2222:22");
    wrong.forEach((key, value) -> {
      String said = assertThrows(IllegalArgumentException.class, () -> UserSettings.of(Map.of(key, List.of(value)))).getMessage();
      assertTrue(said.contains(key) && (said.contains("write ") || said.contains("there are")), said);
    });
    assertThrows(IllegalArgumentException.class, () -> UserSettings.of(Map.of("forward", List.of("tcp:2222:10.0.3.1:22"))));
    UserSettings settings = UserSettings.of(Map.of("net", List.of("192.168.76.0/24"), "hostfwd", List.of("tcp::2222-:22",
        "udp:127.0.0.1:53-192.168.76.16:53")));
    assertEquals("192.168.76.15", settings.forwards().get(0).guest().toString());
    assertTrue(settings.forwards().get(0).at().getAddress().isAnyLocalAddress());
    assertTrue(settings.forwards().get(1).datagrams());
  }
}
