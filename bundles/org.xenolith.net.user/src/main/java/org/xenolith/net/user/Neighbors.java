// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which station has which address: learned from what guests say, and asked for (ARP, RFC 826; neighbour discovery, RFC 4861). Bounded,
 * as a guest may send from any number of addresses: the address heard of first makes room.
 */
final class Neighbors {
  static final long UNKNOWN = -1;
  static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
  private static final int MOST = 256;
  private static final int MOST_HELD = 16;
  private static final int ARP_LENGTH = 28;

  private record Held(InternetAddress to, byte[] frame) {}

  private final LinkedHashMap<InternetAddress, Long> stations = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<InternetAddress, Long> eldest) {
      return size() > MOST;
    }
  };
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private final AddressPlan plan;
  private final FrameOut out;
  private final byte[] frame = new byte[InternetProtocol.ETHERNET_HEADER + InternetProtocol.IPV6_HEADER + 32];
  /** What was looked up last: most frames go to one guest. */
  private InternetAddress last = InternetAddress.UNSPECIFIED4;
  private long lastStation = UNKNOWN;

  Neighbors(AddressPlan plan, FrameOut out) {
    this.plan = plan;
    this.out = out;
  }

  /** The station of an address, negative if it must be asked for. */
  long station(InternetAddress address) {
    if (address == last || address.equals(last)) {
      return lastStation;
    }
    if (address.isMulticast()) {
      return address.isFour() ? BROADCAST : 0x3333L << 32 | address.low() & 0xFFFF_FFFFL;
    }
    Long known = stations.get(address);
    if (known == null) {
      return address.equals(plan.broadcast()) || address.equals(InternetAddress.BROADCAST4) ? BROADCAST : UNKNOWN;
    }
    last = address;
    lastStation = known;
    return known;
  }

  /** A guest's packet says that it has an address. */
  void learn(InternetAddress address, long station) {
    if (address.equals(last) && lastStation == station) {
      return;
    }
    if ((station >>> 40 & 1) != 0 || !plan.mayBeGuest(address)) {
      return;
    }
    stations.put(address, station);
    last = address;
    lastStation = station;
    for (int left = held.size(); left > 0; left--) {
      Held one = held.poll();
      if (one.to.equals(address)) {
        HeaderFields.station(one.frame, 0, station);
        out.frame(one.frame, one.frame.length);
      } else {
        held.add(one);
      }
    }
  }

  /** Keeps a frame until its receiver's station is known, and asks for that. */
  void hold(InternetAddress to, byte[] bytes, int length) {
    if (held.size() >= MOST_HELD) {
      held.poll();
    }
    held.add(new Held(to, Arrays.copyOf(bytes, length)));
    ask(to);
  }

  private void ask(InternetAddress address) {
    if (address.isFour()) {
      arp(1, BROADCAST, 0, plan.gateway(), address);
    } else {
      solicit(address);
    }
  }

  /** A frame of ARP. */
  void arp(byte[] bytes, int offset, int length) {
    int at = offset + InternetProtocol.ETHERNET_HEADER;
    if (length < InternetProtocol.ETHERNET_HEADER + ARP_LENGTH || half(bytes, at) != 1 || half(bytes, at + 2) != InternetProtocol.IPV4
        || half(bytes, at
            + 4) != 0x0604) {
      return;
    }
    InternetAddress sender = InternetAddress.four(bytes, at + 14);
    InternetAddress target = InternetAddress.four(bytes, at + 24);
    long station = HeaderFields.station(bytes, at + 8);
    learn(sender, station);
    // A probe (RFC 5227) has no sender's address yet.
    if (half(bytes, at + 6) == 1 && plan.inside(target) && plan.ours(target) && (station >>> 40 & 1) == 0) {
      arp(2, station, station, target, sender);
    }
  }

  private void arp(int operation, long to, long targetStation, InternetAddress sender, InternetAddress target) {
    PacketWriter.ethernet(frame, to, InternetProtocol.ARP);
    int at = InternetProtocol.ETHERNET_HEADER;
    half(frame, at, 1);
    half(frame, at + 2, InternetProtocol.IPV4);
    half(frame, at + 4, 0x0604);
    half(frame, at + 6, operation);
    HeaderFields.station(frame, at + 8, AddressPlan.STATION);
    sender.write(frame, at + 14);
    HeaderFields.station(frame, at + 18, targetStation);
    target.write(frame, at + 24);
    out.frame(frame, at + ARP_LENGTH);
  }

  /** Asks for the station of an address of IPv6: a neighbour solicitation to its solicited-node group (RFC 4861 4.3). */
  private void solicit(InternetAddress address) {
    InternetAddress from = address.isLinkLocal() ? AddressPlan.ROUTER6 : AddressPlan.GATEWAY6;
    InternetAddress group = new InternetAddress(0xFF02L << 48, 0x1_FF00_0000L | address.low() & 0xFF_FFFF);
    PacketWriter.ethernet(frame, station(group), InternetProtocol.IPV6);
    int at = InternetProtocol.ETHERNET_HEADER;
    HeaderFields.word(frame, at, 0x6000_0000);
    half(frame, at + 4, 32);
    half(frame, at + 6, InternetProtocol.ICMPV6 << 8 | 255);
    from.write(frame, at + 8);
    group.write(frame, at + 24);
    int message = at + InternetProtocol.IPV6_HEADER;
    HeaderFields.word(frame, message, NeighborDiscovery.SOLICITATION << 24);
    HeaderFields.word(frame, message + 4, 0);
    address.write(frame, message + 8);
    half(frame, message + 24, 0x0101);
    HeaderFields.station(frame, message + 26, AddressPlan.STATION);
    half(frame, message + 2, ~HeaderFields.sum(frame, message, message + 32, HeaderFields.pseudoSum(from, group, InternetProtocol.ICMPV6,
        32)));
    out.frame(frame, message + 32);
  }

  /** How many stations are known. */
  int known() {
    return stations.size();
  }
}
