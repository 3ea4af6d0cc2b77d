// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.octet;
import static org.xenolith.net.user.HeaderFields.word;

import java.util.Arrays;

/**
 * Answers echoes (RFC 792, RFC 4443): the gateway's own at once, those to the outside when the host there answers. And tells guests
 * why a packet of theirs went nowhere.
 */
final class IcmpResponder {
  /** Why a packet went nowhere. */
  enum Trouble {
    NO_ROUTE(3, 0, 1, 0), PROHIBITED(3, 13, 1, 1), NO_PORT(3, 3, 1, 4), HOPS(11, 0, 3, 0);

    private final int four;
    private final int six;

    Trouble(int type, int code, int type6, int code6) {
      four = type << 24 | code << 16;
      six = type6 << 24 | code6 << 16;
    }
  }

  private static final int ECHO = 8;
  private static final int ECHO6 = 128;
  private static final int ECHO_REPLY6 = 129;
  /** Bytes of the packet in error that a message about it repeats, so that it is small enough anywhere (RFC 4443 3.1). */
  private static final int MOST_REPEATED = 1200;
  private static final int MOST_ASKED = 16;

  private final AddressPlan plan;
  private final PacketWriter writer;
  private final ReachPolicy policy;
  private final Outside outside;
  private int asked;

  IcmpResponder(AddressPlan plan, PacketWriter writer, ReachPolicy policy, Outside outside) {
    this.plan = plan;
    this.writer = writer;
    this.policy = policy;
    this.outside = outside;
  }

  /** A message with a right checksum. */
  void take(IpPacket packet) {
    boolean four = packet.protocol == InternetProtocol.ICMP;
    if (packet.length() < 8 || octet(packet.bytes, packet.payload) != (four ? ECHO : ECHO6) || octet(packet.bytes, packet.payload + 1)
        != 0) {
      return;
    }
    if (plan.ours(packet.destination)) {
      reply(packet.destination, packet.source, packet.bytes, packet.payload, packet.end);
      return;
    }
    if (plan.inside(packet.destination) || packet.destination.isMulticast()) {
      return;
    }
    InternetAddress to = packet.destination;
    if (!policy.mayReach(to)) {
      trouble(packet, Trouble.PROHIBITED);
    } else if (asked < MOST_ASKED) {
      InternetAddress from = packet.source;
      byte[] message = Arrays.copyOfRange(packet.bytes, packet.payload, packet.end);
      asked++;
      if (!outside.echo(to, answered -> {
        asked--;
        if (answered) {
          reply(to, from, message, 0, message.length);
        }
      })) {
        asked--;
        trouble(packet, Trouble.PROHIBITED);
      }
    }
  }

  private void reply(InternetAddress from, InternetAddress to, byte[] message, int at, int end) {
    boolean four = to.isFour();
    int place = writer.begin(from, to, four ? InternetProtocol.ICMP : InternetProtocol.ICMPV6);
    System.arraycopy(message, at, writer.bytes, place, end - at);
    writer.bytes[place] = (byte) (four ? 0 : ECHO_REPLY6);
    writer.end(end - at, 2);
  }

  /** Tells a packet's sender why it went nowhere. Nobody is told of packets to groups or of parts (RFC 1122 3.2.2). */
  void trouble(IpPacket packet, Trouble trouble) {
    if (packet.start < 0 || packet.destination.isMulticast() || packet.destination.equals(plan.broadcast()) || packet.destination.equals(
        InternetAddress.BROADCAST4)) {
      return;
    }
    boolean four = packet.source.isFour();
    int length = Math.min(packet.end - packet.start, four ? packet.payload - packet.start + 8 : MOST_REPEATED);
    int at = writer.begin(four ? plan.gateway() : AddressPlan.GATEWAY6, packet.source, four ? InternetProtocol.ICMP
        : InternetProtocol.ICMPV6);
    word(writer.bytes, at, four ? trouble.four : trouble.six);
    word(writer.bytes, at + 4, 0);
    System.arraycopy(packet.bytes, packet.start, writer.bytes, at + 8, length);
    writer.end(8 + length, 2);
  }

  boolean busy() {
    return asked > 0;
  }
}
