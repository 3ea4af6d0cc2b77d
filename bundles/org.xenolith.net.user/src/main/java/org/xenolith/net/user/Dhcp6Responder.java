// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;
import static org.xenolith.net.user.HeaderFields.word;

import java.util.Arrays;

/** Tells guests the resolver by stateless DHCPv6 (RFC 8415 6.1, option of RFC 3646); addresses they make themselves. */
final class Dhcp6Responder {
  static final int SERVER_PORT = 547;
  static final int CLIENT_PORT = 546;
  /** All_DHCP_Relay_Agents_and_Servers. */
  static final InternetAddress SERVERS = new InternetAddress(0xFF02L << 48, 0x1_0002);
  private static final int REPLY = 7;
  private static final int INFORMATION_REQUEST = 11;
  private static final int CLIENT = 1;
  private static final int SERVER = 2;
  private static final int RESOLVERS = 23;
  private static final int DUID = 10;

  private final PacketWriter writer;

  Dhcp6Responder(PacketWriter writer) {
    this.writer = writer;
  }

  /** A datagram to the server's port from a guest; at is where the message begins. */
  void take(byte[] bytes, int at, int end, InternetAddress from, long station) {
    if (end - at < 4 || HeaderFields.octet(bytes, at) != INFORMATION_REQUEST) {
      return;
    }
    byte[] client = new byte[0];
    for (int option = at + 4; option + 4 <= end;) {
      int next = option + 4 + half(bytes, option + 2);
      if (next > end) {
        return;
      }
      if (half(bytes, option) == SERVER) {
        // Only a message for another server names one: ours has none to renew.
        return;
      }
      if (half(bytes, option) == CLIENT && next - option <= 4 + 130) {
        client = Arrays.copyOfRange(bytes, option, next);
      }
      option = next;
    }
    byte[] out = writer.bytes;
    int udp = writer.begin(AddressPlan.ROUTER6, from, InternetProtocol.UDP);
    int option = udp + InternetProtocol.UDP_HEADER;
    word(out, option, word(bytes, at) & 0xFF_FFFF | REPLY << 24);
    option += 4;
    System.arraycopy(client, 0, out, option, client.length);
    option += client.length;
    // A DUID of the station's address (RFC 8415 11.4).
    half(out, option, SERVER);
    half(out, option + 2, DUID);
    half(out, option + 4, 3);
    half(out, option + 6, 1);
    HeaderFields.station(out, option + 8, AddressPlan.STATION);
    option += 4 + DUID;
    half(out, option, RESOLVERS);
    half(out, option + 2, 16);
    AddressPlan.RESOLVER6.write(out, option + 4);
    option += 20;
    half(out, udp, SERVER_PORT);
    half(out, udp + 2, CLIENT_PORT);
    half(out, udp + 4, option - udp);
    writer.end(option - udp, 6, station);
  }
}
