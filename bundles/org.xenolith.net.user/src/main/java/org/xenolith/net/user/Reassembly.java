// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts packets together from their fragments (RFC 791 3.2, RFC 8200 4.5). Fragments that overlap cost the packet its place, as RFC 5722
 * wants it for IPv6; no sound sender of IPv4 makes them either. Bounded: a packet begun first makes room for a new one.
 */
final class Reassembly {
  private static final int MOST_PACKETS = 16;
  private static final int MOST_PARTS = 64;
  private static final long PATIENCE = 60_000_000_000L;

  private record Key(InternetAddress from, InternetAddress to, int identification, int protocol) {}

  private record Part(int from, int to) {}

  private static final class Packet {
    final List<Part> parts = new ArrayList<>();
    final long begun;
    byte[] bytes = new byte[2048];
    /** Bytes of the whole, -1 until the last fragment has come. */
    int length = -1;

    Packet(long begun) {
      this.begun = begun;
    }
  }

  private final LinkedHashMap<Key, Packet> packets = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Packet> eldest) {
      return size() > MOST_PACKETS;
    }
  };

  /** Takes a fragment. @return whether it was the last one missing; the packet is the whole one then */
  boolean add(IpPacket fragment, long now) {
    Key key = new Key(fragment.source, fragment.destination, fragment.identification, fragment.protocol);
    Packet packet = packets.computeIfAbsent(key, k -> new Packet(now));
    byte[] whole = add(packet, fragment);
    if (whole != null) {
      packets.remove(key);
      fragment.whole(whole, packet.length);
      return true;
    }
    if (packet.parts.isEmpty()) {
      packets.remove(key);
    }
    return false;
  }

  /** @return the whole packet's bytes when all are there; without parts the packet is to be given up */
  private byte[] add(Packet packet, IpPacket fragment) {
    int from = fragment.fragmentOffset;
    int to = from + fragment.length();
    boolean last = !fragment.moreFragments;
    boolean wrong = to > 0xFFFF || to == from || !last && (fragment.length() & 7) != 0 || packet.length >= 0 && (last || to > packet.length)
        || packet.parts.size() >= MOST_PARTS;
    for (Part part : packet.parts) {
      wrong |= from < part.to && part.from < to || last && part.to > to;
    }
    if (wrong) {
      packet.parts.clear();
      return null;
    }
    if (to > packet.bytes.length) {
      packet.bytes = Arrays.copyOf(packet.bytes, Math.max(to, Math.min(0xFFFF, packet.bytes.length * 2)));
    }
    System.arraycopy(fragment.bytes, fragment.payload, packet.bytes, from, to - from);
    packet.parts.add(new Part(from, to));
    packet.length = last ? to : packet.length;
    int there = packet.parts.stream().mapToInt(part -> part.to - part.from).sum();
    return there == packet.length ? packet.bytes : null;
  }

  /** Gives packets up whose fragments don't come. */
  void tick(long now) {
    for (Iterator<Packet> i = packets.values().iterator(); i.hasNext();) {
      if (now - i.next().begun > PATIENCE) {
        i.remove();
      }
    }
  }

  int waiting() {
    return packets.size();
  }
}
