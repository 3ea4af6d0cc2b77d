// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

/**
 * The router's part of neighbour discovery (RFC 4861): advertises itself and the prefix that guests make their addresses of
 * (RFC 4862), names the resolver (RFC 8106), and answers who asks for its station.
 */
final class NeighborDiscovery {
  static final int ROUTER_SOLICITATION = 133;
  static final int ROUTER_ADVERTISEMENT = 134;
  static final int SOLICITATION = 135;
  static final int ADVERTISEMENT = 136;
  static final InternetAddress ALL_NODES = new InternetAddress(0xFF02L << 48, 1);
  private static final int SUM = 2;
  /** Seconds: the longest there is (RFC 8319), as a guest's clock may be any number of times faster than ours. */
  private static final int LIFETIME = 0xFFFF;
  private static final int FOR_EVER = -1;
  /** Other configuration (the resolver) by DHCPv6, for who doesn't read it here. */
  private static final int OTHER = 0x40;
  private static final int ON_LINK_AND_AUTONOMOUS = 0xC0;
  private static final int ROUTER_SOLICITED_OVERRIDE = 0xE000_0000;
  private static final int ROUTER_OVERRIDE = 0xA000_0000;

  private final AddressPlan plan;
  private final Neighbors neighbors;
  private final PacketWriter writer;

  NeighborDiscovery(AddressPlan plan, Neighbors neighbors, PacketWriter writer) {
    this.plan = plan;
    this.neighbors = neighbors;
    this.writer = writer;
  }

  /** A message of ICMPv6 with a right checksum. @return whether it was one of these */
  boolean take(IpPacket packet, long station) {
    int type = HeaderFields.octet(packet.bytes, packet.payload);
    if (type < ROUTER_SOLICITATION || type > ADVERTISEMENT) {
      return false;
    }
    // What was forwarded isn't from this link (RFC 4861 6.1.1, 7.1.1).
    if (packet.hops != 255) {
      return true;
    }
    if (type == ROUTER_SOLICITATION) {
      advertise();
    } else if (packet.length() >= 24) {
      InternetAddress target = InternetAddress.six(packet.bytes, packet.payload + 8);
      if (type == SOLICITATION) {
        solicited(packet, target, station);
      } else {
        neighbors.learn(target, station);
      }
    }
    return true;
  }

  private void solicited(IpPacket packet, InternetAddress target, long station) {
    if (!plan.ours(target)) {
      return;
    }
    // Who asks before it has an address (RFC 4862 5.4) is answered by all hearing it.
    boolean nobody = packet.source.high() == 0 && packet.source.low() == 0;
    InternetAddress to = nobody ? ALL_NODES : packet.source;
    int at = writer.begin(target, to, InternetProtocol.ICMPV6);
    word(writer.bytes, at, ADVERTISEMENT << 24);
    word(writer.bytes, at + 4, nobody ? ROUTER_OVERRIDE : ROUTER_SOLICITED_OVERRIDE);
    target.write(writer.bytes, at + 8);
    half(writer.bytes, at + 24, 0x0201);
    HeaderFields.station(writer.bytes, at + 26, AddressPlan.STATION);
    writer.endOnLink(32, SUM, nobody ? neighbors.station(ALL_NODES) : station);
  }

  /** Tells all guests of the router. */
  void advertise() {
    byte[] bytes = writer.bytes;
    int at = writer.begin(AddressPlan.ROUTER6, ALL_NODES, InternetProtocol.ICMPV6);
    word(bytes, at, ROUTER_ADVERTISEMENT << 24);
    word(bytes, at + 4, 64 << 24 | OTHER << 16 | LIFETIME);
    HeaderFields.doubleWord(bytes, at + 8, 0);
    half(bytes, at + 16, 0x0101);
    HeaderFields.station(bytes, at + 18, AddressPlan.STATION);
    int prefix = at + 24;
    word(bytes, prefix, 0x0304_4000 | ON_LINK_AND_AUTONOMOUS);
    word(bytes, prefix + 4, FOR_EVER);
    word(bytes, prefix + 8, FOR_EVER);
    word(bytes, prefix + 12, 0);
    AddressPlan.PREFIX.write(bytes, prefix + 16);
    int resolver = prefix + 32;
    word(bytes, resolver, 0x1903_0000);
    word(bytes, resolver + 4, FOR_EVER);
    AddressPlan.RESOLVER6.write(bytes, resolver + 8);
    writer.endOnLink(resolver + 24 - at, SUM, neighbors.station(ALL_NODES));
  }
}
