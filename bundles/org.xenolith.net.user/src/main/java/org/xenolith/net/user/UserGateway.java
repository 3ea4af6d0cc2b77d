// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;

import java.net.InetAddress;

/**
 * The gateway of the network that a guest sees: takes its frames, answers what is the gateway's own (ARP, DHCP, neighbour discovery,
 * echoes), and carries TCP and UDP to and from {@link Outside}. It has no thread, no socket and no clock; who drives it does so from one
 * thread. Nothing that a guest sends has it throw, and all that it keeps is bounded.
 */
final class UserGateway {
  /** How often the host's clock is of interest, in nanoseconds. */
  static final long TICK = 250_000_000L;
  private static final long ADVERTISE_EVERY = 3_600_000_000_000L;

  private final AddressPlan plan;
  private final boolean six;
  private final Neighbors neighbors;
  private final NeighborDiscovery discovery;
  private final DhcpServer dhcp;
  private final Dhcp6Responder dhcp6;
  private final IcmpResponder icmp;
  private final DatagramNat datagrams;
  private final TcpNat tcp;
  private final Reassembly reassembly = new Reassembly();
  private final IpPacket packet = new IpPacket();
  private long now;
  private long ticked;
  private long advertised;
  private long odd;

  /** @param six whether guests get IPv6, too */
  UserGateway(ReachPolicy policy, boolean six, Outside outside, FrameOut out, long now) {
    this.six = six;
    this.now = now;
    plan = policy.plan();
    neighbors = new Neighbors(plan, out);
    PacketWriter writer = new PacketWriter(neighbors, out);
    discovery = new NeighborDiscovery(plan, neighbors, writer);
    dhcp = new DhcpServer(plan, writer);
    dhcp6 = new Dhcp6Responder(writer);
    icmp = new IcmpResponder(plan, writer, policy, outside);
    datagrams = new DatagramNat(policy, outside, writer, icmp);
    tcp = new TcpNat(policy, outside, writer, out);
    ticked = now;
    advertised = now;
    time(now);
  }

  /** What time it is now, in nanoseconds from anywhere. */
  void time(long newNow) {
    now = newNow;
    tcp.time(now);
    datagrams.time(now);
  }

  /** A frame of the guest's. {@link #settle} is to be called when there are no more for the moment. */
  void receive(byte[] bytes, int offset, int length) {
    receive(bytes, offset, length, 0);
  }

  /** The same, with work left to do ({@code Offload}): what has bits has no checksum yet, or one that needn't be looked at. */
  void receive(byte[] bytes, int offset, int length, int offload) {
    packet.trusted = offload != 0;
    int start = offset + InternetProtocol.ETHERNET_HEADER;
    int end = offset + length;
    if (length < InternetProtocol.ETHERNET_HEADER) {
      odd++;
      return;
    }
    long to = HeaderFields.station(bytes, offset);
    if (to != AddressPlan.STATION && (to >>> 40 & 1) == 0) {
      return;
    }
    long station = HeaderFields.station(bytes, offset + 6);
    switch (half(bytes, offset + 12)) {
      case InternetProtocol.ARP -> neighbors.arp(bytes, offset, length);
      case InternetProtocol.IPV4 -> {
        if (packet.parse(bytes, start, end, false)) {
          four(station);
        } else {
          odd++;
        }
      }
      case InternetProtocol.IPV6 -> {
        if (six && packet.parse(bytes, start, end, true)) {
          six(station);
        } else {
          odd++;
        }
      }
      default -> odd++;
    }
  }

  private void four(long station) {
    if (packet.source.word() == 0) {
      // Who has no address yet asks for one, and nothing else.
      if (packet.protocol == InternetProtocol.UDP && !packet.fragment) {
        udp(station);
      }
    } else if (plan.mayBeGuest(packet.source)) {
      neighbors.learn(packet.source, station);
      whole(station);
    } else {
      odd++;
    }
  }

  private void six(long station) {
    boolean nobody = packet.source.high() == 0 && packet.source.low() == 0;
    if (!nobody && !plan.mayBeGuest(packet.source)) {
      odd++;
      return;
    }
    if (!nobody) {
      neighbors.learn(packet.source, station);
      whole(station);
    } else if (packet.protocol == InternetProtocol.ICMPV6 && !packet.fragment && packet.length() >= 8 && packet.sumIsRight()) {
      discovery.take(packet, station);
    }
  }

  private void whole(long station) {
    if (packet.fragment && !reassembly.add(packet, now)) {
      return;
    }
    boolean group = packet.destination.isMulticast() || packet.destination.equals(plan.broadcast());
    switch (packet.protocol) {
      case InternetProtocol.TCP -> {
        if (!group && packet.sumIsRight()) {
          hopsOr(() -> tcp.take(packet));
        }
      }
      case InternetProtocol.UDP -> udp(station);
      case InternetProtocol.ICMP -> {
        if (packet.source.isFour() && HeaderFields.sum(packet.bytes, packet.payload, packet.end, 0) == 0xFFFF) {
          hopsOr(() -> icmp.take(packet));
        }
      }
      case InternetProtocol.ICMPV6 -> {
        if (!packet.source.isFour() && packet.length() >= 8 && packet.sumIsRight() && !discovery.take(packet, station)) {
          hopsOr(() -> icmp.take(packet));
        }
      }
      default -> odd++;
    }
  }

  /** A packet that goes on has one more hop left, or its sender hears that it hasn't: what traceroute lives on. */
  private void hopsOr(Runnable goesOn) {
    if (packet.hops <= 1 && !plan.inside(packet.destination)) {
      icmp.trouble(packet, IcmpResponder.Trouble.HOPS);
    } else {
      goesOn.run();
    }
  }

  private void udp(long station) {
    int at = packet.payload;
    if (packet.length() < InternetProtocol.UDP_HEADER) {
      return;
    }
    byte[] bytes = packet.bytes;
    int length = half(bytes, at + 4);
    boolean summed = half(bytes, at + 6) != 0;
    if (length < InternetProtocol.UDP_HEADER || length > packet.length() || !(summed ? packet.sumIsRight() : packet.source.isFour())) {
      odd++;
      return;
    }
    int port = half(bytes, at + 2);
    InternetAddress to = packet.destination;
    int message = at + InternetProtocol.UDP_HEADER;
    if (packet.source.isFour() && port == DhcpServer.SERVER_PORT && (to.equals(InternetAddress.BROADCAST4) || plan.isGateway(to))) {
      dhcp.take(bytes, message, at + length);
    } else if (port == Dhcp6Responder.SERVER_PORT && to.equals(Dhcp6Responder.SERVERS)) {
      dhcp6.take(bytes, message, at + length, packet.source, station);
    } else if (!packet.source.equals(InternetAddress.UNSPECIFIED4) && !to.equals(InternetAddress.BROADCAST4) && !to.isMulticast() && !to
        .equals(plan
            .broadcast())) {
              hopsOr(() -> datagrams.take(packet, length - InternetProtocol.UDP_HEADER));
            }
  }

  /** Does what the frames since the last time allow, and acknowledges them. */
  void settle() {
    tcp.settle();
  }

  /** There is room again on the way to the guest. */
  void room() {
    tcp.pumpAll();
  }

  /** Tells guests of the router: at the beginning, and in each hour again. */
  void advertise() {
    advertised = now;
    if (six) {
      discovery.advertise();
    }
  }

  /** Does what is due by the clock; to be called at least every {@link #TICK} while there is something {@link #waiting}. */
  void tick() {
    if (now - ticked < TICK) {
      return;
    }
    ticked = now;
    tcp.tick();
    datagrams.tick();
    reassembly.tick(now);
    if (now - advertised >= ADVERTISE_EVERY) {
      advertise();
    }
  }

  /** Whether the clock is of interest. */
  boolean waiting() {
    return tcp.known() > 0 || datagrams.open() > 0 || reassembly.waiting() > 0;
  }

  /** Whether something outside is asked or connected. */
  boolean busy() {
    return tcp.live() > 0 || icmp.busy() || datagrams.busy();
  }

  // ---- forwards

  /** Somebody connected to a port outside that is a guest's. @return who hears of the stream, null if there is no room for it */
  Outside.StreamEvents accept(Outside.Stream stream, InetAddress client, int clientPort, InternetAddress guest, int guestPort) {
    return tcp.accept(stream, client, clientPort, guest, guestPort);
  }

  /** A guest's port that datagrams are forwarded to. */
  ForwardedDatagrams forward(InternetAddress guest, int port) {
    return datagrams.forward(guest, port);
  }

  // ---- what it keeps, for who looks

  int connections() {
    return tcp.known();
  }

  int datagramPlaces() {
    return datagrams.open();
  }

  int reassembling() {
    return reassembly.waiting();
  }

  int neighborsKnown() {
    return neighbors.known();
  }

  long bytesWaiting() {
    return tcp.bytes();
  }

  /** Segments that were sent to guests more than once. */
  long again() {
    return tcp.again();
  }

  /** Frames that made no sense. */
  long odd() {
    return odd;
  }

  /** Both sides of all connections see a reset. */
  void close() {
    tcp.close();
    datagrams.close();
  }
}
