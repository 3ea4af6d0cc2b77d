// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The connections of a link's guests, by their ends. Bounded, whatever a guest begins: what is over makes room, else nothing new is. */
final class TcpNat {
  static final int MOST = 512;
  static final int MOST_ASKING = 128;
  /** Bytes that wait in all connections together. */
  static final long MOST_BYTES = 64L << 20;
  /** What nobody has heard of for that long makes room where there is none. */
  private static final long IDLE = 60_000_000_000L;
  private static final int FIRST_PORT = 49_152;

  private final ReachPolicy policy;
  private final Outside outside;
  private final FrameOut out;
  private final TcpWriter writer;
  private final ByteRing.Budget budget = new ByteRing.Budget(MOST_BYTES);
  private final SecureRandom random = new SecureRandom();
  private final TcpSegment segment = new TcpSegment();
  private final LinkedHashMap<TcpFlow, TcpConnection> connections = new LinkedHashMap<>();
  /** Those that frames came for since the last {@link #settle}. */
  private final List<TcpConnection> touched = new ArrayList<>();
  private int nextPort = FIRST_PORT;
  private long now;
  private long againOfClosed;

  TcpNat(ReachPolicy policy, Outside outside, PacketWriter packets, FrameOut out) {
    this.policy = policy;
    this.outside = outside;
    this.out = out;
    writer = new TcpWriter(packets);
  }

  /** A guest's packet with a right checksum. */
  void take(IpPacket packet) {
    if (!segment.parse(packet)) {
      return;
    }
    TcpFlow flow = new TcpFlow(packet.source, segment.sourcePort, packet.destination, segment.destinationPort);
    TcpConnection connection = connections.get(flow);
    boolean asks = segment.has(TcpSegment.SYN) && !segment.has(TcpSegment.ACK) && !segment.has(TcpSegment.RST);
    if (connection != null && asks && connection.state() == TcpConnection.State.TIME_WAIT) {
      // RFC 9293 3.10.7.4: a port may be used again before the other side has forgotten it.
      remove(connection);
      connection = null;
    }
    if (connection != null) {
      connection.time(now);
      connection.take(segment);
      if (connection.isClosed()) {
        remove(connection);
      } else if (touched.isEmpty() || touched.getLast() != connection) {
        touched.add(connection);
      }
    } else if (asks) {
      connect(flow);
    } else {
      refuse(flow);
    }
  }

  /** Nobody is there. */
  private void refuse(TcpFlow flow) {
    if (segment.has(TcpSegment.RST)) {
      return;
    }
    if (segment.has(TcpSegment.ACK)) {
      writer.send(flow, segment.acknowledged, 0, TcpSegment.RST, 0);
    } else {
      writer.send(flow, 0, segment.sequence + segment.sequenceLength(), TcpSegment.RST | TcpSegment.ACK, 0);
    }
  }

  private void connect(TcpFlow flow) {
    Optional<InetSocketAddress> to = policy.outside(flow.remote(), flow.remotePort());
    if (to.isEmpty() || !room()) {
      refuse(flow);
      return;
    }
    TcpConnection connection = new TcpConnection(flow, writer, out, budget, TcpConnection.State.CONNECTING, random.nextInt());
    connection.time(now);
    connection.begin(segment);
    try {
      connection.stream(outside.connect(to.get(), new Events(connection)));
      connections.put(flow, connection);
    } catch (IOException e) {
      refuse(flow);
    }
  }

  /** What a connection's stream tells, in the time of the link. */
  private final class Events implements Outside.StreamEvents {
    private final TcpConnection connection;

    Events(TcpConnection connection) {
      this.connection = connection;
    }

    @Override
    public void connected() {
      tell(connection::connected);
    }

    @Override
    public void failed(boolean refused) {
      tell(() -> connection.failed(refused));
    }

    @Override
    public void ready() {
      tell(connection::ready);
    }

    private void tell(Runnable event) {
      connection.time(now);
      event.run();
      if (connection.isClosed()) {
        remove(connection);
      }
    }
  }

  /** Makes room for one more. @return whether there is some */
  private boolean room() {
    int asking = 0;
    TcpConnection over = null;
    TcpConnection idle = null;
    for (TcpConnection connection : connections.values()) {
      over = over == null && !connection.isLive() ? connection : over;
      idle = idle == null || connection.active() - idle.active() < 0 ? connection : idle;
      asking += connection.isLive() && connection.state() != TcpConnection.State.OPEN ? 1 : 0;
    }
    if (connections.size() >= MOST && over != null) {
      remove(over);
    } else if (connections.size() >= MOST && now - idle.active() > IDLE) {
      // One that a guest may have forgotten: a machine that was reset tells nobody.
      remove(idle);
    }
    return connections.size() < MOST && asking < MOST_ASKING;
  }

  /**
   * Somebody outside has connected to a port that is forwarded.
   *
   * @return who hears of the stream, null if there is no room for one more
   */
  Outside.StreamEvents accept(Outside.Stream stream, InetAddress client, int clientPort, InternetAddress guest, int guestPort) {
    if (!room()) {
      return null;
    }
    InternetAddress shown = policy.plan().shown(client, guest);
    TcpFlow flow = new TcpFlow(guest, guestPort, shown, clientPort);
    for (int tries = 0; connections.containsKey(flow); tries++) {
      if (tries > MOST) {
        return null;
      }
      flow = new TcpFlow(guest, guestPort, shown, nextPort);
      nextPort = nextPort == 0xFFFF ? FIRST_PORT : nextPort + 1;
    }
    TcpConnection connection = new TcpConnection(flow, writer, out, budget, TcpConnection.State.ASKING, random.nextInt());
    connection.time(now);
    connection.stream(stream);
    connections.put(flow, connection);
    stream.want(false, false);
    connection.ask();
    return new Events(connection);
  }

  private void remove(TcpConnection connection) {
    if (connections.remove(connection.flow(), connection)) {
      againOfClosed += connection.again();
      connection.drop();
    }
  }

  void time(long newNow) {
    now = newNow;
  }

  /** All frames that came together are looked at: what they allow is done, and acknowledged once. */
  void settle() {
    for (TcpConnection connection : touched) {
      pump(connection);
    }
    touched.clear();
  }

  private void pump(TcpConnection connection) {
    connection.time(now);
    connection.pump();
    if (connection.isClosed()) {
      remove(connection);
    }
  }

  /** There is room again on the way to the guest. */
  void pumpAll() {
    List.copyOf(connections.values()).forEach(this::pump);
  }

  /** The host's clock. */
  void tick() {
    for (TcpConnection connection : List.copyOf(connections.values())) {
      connection.time(now);
      connection.tick();
      if (connection.isClosed()) {
        remove(connection);
      }
    }
  }

  /** Connections that are live. */
  int live() {
    int live = 0;
    for (TcpConnection connection : connections.values()) {
      live += connection.isLive() ? 1 : 0;
    }
    return live;
  }

  int known() {
    return connections.size();
  }

  /** Bytes that connections have room for now. */
  long bytes() {
    return MOST_BYTES - budget.left();
  }

  /** Segments that were sent to guests more than once. */
  long again() {
    return againOfClosed + connections.values().stream().mapToLong(TcpConnection::again).sum();
  }

  /** The link is closed: both sides of all connections see a reset. */
  void close() {
    connections.values().forEach(TcpConnection::reset);
    connections.clear();
    touched.clear();
  }
}
