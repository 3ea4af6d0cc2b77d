// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.octet;
import static org.xenolith.net.user.HeaderFields.word;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives guests their addresses of IPv4 (RFC 2131, options of RFC 2132): the first that asks gets the plan's first, and keeps it. */
final class DhcpServer {
  static final int SERVER_PORT = 67;
  static final int CLIENT_PORT = 68;
  private static final int COOKIE = 0x6382_5363;
  private static final int OPTIONS = 240;
  /** Seconds; a guest's clock may be faster than any host's. */
  private static final int LEASE = 86_400;

  private static final int DISCOVER = 1;
  private static final int OFFER = 2;
  private static final int REQUEST = 3;
  private static final int ACK = 5;
  private static final int NAK = 6;
  private static final int INFORM = 8;

  private final AddressPlan plan;
  private final PacketWriter writer;
  /** Numbers of guests by their stations. */
  private final LinkedHashMap<Long, Integer> leases = new LinkedHashMap<>();

  DhcpServer(AddressPlan plan, PacketWriter writer) {
    this.plan = plan;
    this.writer = writer;
  }

  /** A datagram to the server's port; at is where the message begins. */
  void take(byte[] bytes, int at, int end) {
    if (end - at < OPTIONS || octet(bytes, at) != 1 || word(bytes, at) >>> 8 != 0x01_01_06 || word(bytes, at + 236) != COOKIE) {
      return;
    }
    int type = 0;
    InternetAddress wanted = InternetAddress.four(bytes, at + 12);
    InternetAddress server = plan.gateway();
    for (int option = at + OPTIONS; option < end && octet(bytes, option) != 255;) {
      if (octet(bytes, option) == 0) {
        option++;
        continue;
      }
      if (option + 2 > end || option + 2 + octet(bytes, option + 1) > end) {
        return;
      }
      int length = octet(bytes, option + 1);
      switch (octet(bytes, option)) {
        case 50 -> wanted = length == 4 ? InternetAddress.four(bytes, option + 2) : wanted;
        case 53 -> type = length == 1 ? octet(bytes, option + 2) : type;
        case 54 -> server = length == 4 ? InternetAddress.four(bytes, option + 2) : server;
        default -> {
        }
      }
      option += 2 + length;
    }
    long station = HeaderFields.station(bytes, at + 28);
    if (server.equals(plan.gateway()) && (station >>> 40 & 1) == 0) {
      answer(bytes, at, type, wanted, station);
    }
  }

  private void answer(byte[] request, int at, int type, InternetAddress wanted, long station) {
    if (type == INFORM) {
      send(request, at, ACK, InternetAddress.UNSPECIFIED4, station);
      return;
    }
    if (type != DISCOVER && type != REQUEST) {
      return;
    }
    Integer number = leases.get(station);
    if (number == null) {
      if (leases.size() >= plan.guests()) {
        return;
      }
      number = leases.size();
      leases.put(station, number);
    }
    InternetAddress lease = plan.guest(number);
    if (type == DISCOVER) {
      send(request, at, OFFER, lease, station);
    } else {
      boolean same = wanted.equals(lease);
      send(request, at, same ? ACK : NAK, same ? lease : InternetAddress.UNSPECIFIED4, station);
    }
  }

  private void send(byte[] request, int requestAt, int type, InternetAddress lease, long station) {
    byte[] bytes = writer.bytes;
    // A client that has an address already is answered there; all others hear it by broadcast, which each client takes.
    InternetAddress client = InternetAddress.four(request, requestAt + 12);
    boolean there = type == ACK && plan.mayBeGuest(client);
    int udp = writer.begin(plan.gateway(), there ? client : InternetAddress.BROADCAST4, InternetProtocol.UDP);
    int at = udp + InternetProtocol.UDP_HEADER;
    Arrays.fill(bytes, at, at + OPTIONS, (byte) 0);
    word(bytes, at, 0x0201_0600);
    word(bytes, at + 4, word(request, requestAt + 4));
    HeaderFields.half(bytes, at + 10, HeaderFields.half(request, requestAt + 10));
    System.arraycopy(request, requestAt + 12, bytes, at + 12, 4);
    lease.write(bytes, at + 16);
    plan.gateway().write(bytes, at + 20);
    System.arraycopy(request, requestAt + 28, bytes, at + 28, 16);
    word(bytes, at + 236, COOKIE);
    int option = at + OPTIONS;
    option = option(bytes, option, 53, new byte[] {(byte) type});
    option = option(bytes, option, 54, four(plan.gateway().word()));
    if (type != NAK) {
      option = option(bytes, option, 1, four(plan.mask()));
      option = option(bytes, option, 3, four(plan.gateway().word()));
      option = option(bytes, option, 6, four(plan.resolver().word()));
      option = option(bytes, option, 28, four(plan.broadcast().word()));
      if (lease.word() != 0) {
        option = option(bytes, option, 51, four(LEASE));
      }
    }
    bytes[option++] = (byte) 255;
    // RFC 1542 2.1: some clients take no message of less than 300 bytes.
    while (option < at + 300) {
      bytes[option++] = 0;
    }
    HeaderFields.half(bytes, udp, SERVER_PORT);
    HeaderFields.half(bytes, udp + 2, CLIENT_PORT);
    HeaderFields.half(bytes, udp + 4, option - udp);
    writer.end(option - udp, 6, there ? station : Neighbors.BROADCAST);
  }

  private static int option(byte[] bytes, int at, int code, byte[] value) {
    bytes[at] = (byte) code;
    bytes[at + 1] = (byte) value.length;
    System.arraycopy(value, 0, bytes, at + 2, value.length);
    return at + 2 + value.length;
  }

  private static byte[] four(int value) {
    byte[] bytes = new byte[4];
    word(bytes, 0, value);
    return bytes;
  }

  /** Stations that have a lease, in the order of their addresses. */
  Map<Long, Integer> leases() {
    return Map.copyOf(leases);
  }
}
